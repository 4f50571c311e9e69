import { type Document, isCollection, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** A text with the lines of what stands in it. JSON is YAML too. */
export interface LinedText {
  value: unknown;
  /** Why it is no YAML. */
  error?: { line: number; message: string };
  /** The line of the value at a path; of its name, when that is what is wrong; of what is around it, when it is not there. */
  lineOf(path: readonly string[], at?: 'name' | 'value'): number;
}

/** Reads YAML, and keeps the lines. */
export function parseWithLines(text: string): LinedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset = 0): number => lines.linePos(offset).line || 1;
  const [error] = document.errors;
  return {
    value: error === undefined ? document.toJS() : undefined,
    ...(error === undefined ? {} : { error: { line: lineAt(error.pos[0]), message: error.message } }),
    lineOf: (path, at = 'value') => lineAt(nodeAt(document, path, at)?.range?.[0]),
  };
}

function nodeAt({ contents }: Document, path: readonly string[], at: 'name' | 'value'): Node | null {
  let node: unknown = contents;
  for (const [depth, name] of path.entries()) {
    if (at === 'name' && depth === path.length - 1 && isMap(node)) {
      const key = node.items.map((item) => item.key).find((one) => isScalar(one) && String(one.value) === name);
      return (key ?? node) as Node;
    }
    const inner: unknown = isCollection(node) ? node.get(isMap(node) ? name : Number(name), true) : undefined;
    if (inner === undefined || inner === null) break;
    node = inner;
  }
  return node as Node | null;
}
