import { stripVTControlCharacters } from 'node:util';

/** Text as lines of at most so many characters. A word that is longer than a line is cut; line ends of the text stay. */
export function wrapped(text: string, width: number): string[] {
  const room = Math.max(width, 20);
  return text.split('\n').flatMap((line) =>
    joined(
      line.split(' ').flatMap((word) => cut(word, room)),
      room,
      '',
    ),
  );
}

/** A command of a shell as lines of at most so many characters, which can be pasted: no word is cut, and `\` ends each line but the last. */
export function wrappedCommand(text: string, width: number): string[] {
  const words = text.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/gs) ?? [];
  const [first = '', ...more] = joined(words, width - 4, ' \\');
  return [first, ...more.map((line) => `  ${line}`)];
}

/** A first column, and beside it text in lines that fit. The rows of a table have one width of it. */
export function hanging(name: string, text: readonly string[]): string[] {
  return text.map((line, index) => `${index === 0 ? name : ' '.repeat(widthOf(name))}${line}`);
}

/** Rows of a name and a text, the texts in one column. */
export function definitions(rows: readonly (readonly [name: string, text: string])[], width: number, indent = '  '): string[] {
  const nameWidth = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, text]) => hanging(`${indent}${name.padEnd(nameWidth)}`, wrapped(text, width - indent.length - nameWidth)));
}

/** Short texts side by side, two in a line; one that is too long for that has a line, or more, of its own. */
export function pairs(texts: readonly string[], width: number, indent = '  '): string[] {
  const half = Math.floor((width - indent.length) / 2);
  const lines: string[] = [];
  let left: string | undefined;
  const flush = (right = ''): void => {
    if (left !== undefined) lines.push(`${indent}${right === '' ? left : left.padEnd(half)}${right}`);
    left = undefined;
  };
  for (const text of texts) {
    if (text.length > half - 2) {
      flush();
      lines.push(...hanging(indent, wrapped(text, width - indent.length - 2)));
    } else if (left === undefined) left = text;
    else flush(text);
  }
  flush();
  return lines;
}

/** How wide a text is on a screen: its colours take no room. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

function cut(word: string, width: number): string[] {
  const letters = [...word];
  if (letters.length <= width) return [word];
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, part) => letters.slice(part * width, (part + 1) * width).join(''));
}

function joined(words: readonly string[], width: number, end: string): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of words) {
    if (line === undefined) line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line + end);
      line = word;
    }
  }
  return [...lines, line ?? ''];
}
