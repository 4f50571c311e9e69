const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether the text is a GUID in its usual spelling, without braces. */
export function isGuid(text: string): boolean {
  return guid.test(text);
}
