/** Whether the text is a GUID in its usual spelling, without braces. */
export const isGuid = (text: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
