// A terminal would obey the first ones; the others make a text read otherwise than it is. U+2028 and U+2029 end lines in some readers.
// Half a surrogate pair and U+FFFE are no characters.
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu; // oxlint-disable-line no-control-regex

/** Text that came from elsewhere, in one line and without anything that a terminal or a page would obey. */
export function printable(text: string): string {
  return text.replaceAll(obeyed, '\ufffd');
}

/**
 * Text of several lines, with everything else that a terminal or a page would obey spelled as `\u001b`.
 *
 * Shape: line ends and tabs stay. In JSON such a spelling means the same as the character, so that no value is changed.
 */
export function visible(text: string): string {
  return text.replaceAll(obeyed, (character) =>
    character === '\n' || character === '\t' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
