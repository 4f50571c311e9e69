import { isNode, LineCounter, parseDocument } from 'yaml';
import type { FileProblem } from '../../contract/file-problems.ts';
import { UsageError } from '../io.ts';

/** A text with the lines of what stands in it. */
export type LinedText = ReturnType<typeof parseWithLines>;

/**
 * Reads YAML, or JSON, which is YAML too, and keeps the lines.
 *
 * Shape: `error` says why the text is no YAML, with the line. `lineOf` gives the line of the value at a path; where there is none, of
 * what is around it.
 */
export function parseWithLines(text: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset = 0): number => lines.linePos(offset).line || 1;
  const lineOf = (path: readonly string[]): number => {
    const node = document.getIn(path, true);
    return isNode(node) || path.length === 0 ? lineAt(isNode(node) ? node.range?.[0] : 0) : lineOf(path.slice(0, -1));
  };
  const [error] = document.errors;
  if (error === undefined) return { value: document.toJS() as unknown, lineOf };
  return { error: `line ${lineAt(error.pos[0])}: this is no YAML. ${error.message}`, lineOf };
}

/** The first thing that is wrong with a file, with its line, in the words of that kind of file. */
export function firstProblem(
  file: string,
  { lineOf }: Pick<LinedText, 'lineOf'>,
  problems: readonly FileProblem[],
  wordsOf: (problem: FileProblem) => string,
): UsageError {
  const placed = problems.map((problem) => ({ problem, line: lineOf(problem.path) }));
  const [first] = placed.toSorted((one, other) => one.line - other.line);
  return new UsageError(`${file}, line ${first!.line}: ${wordsOf(first!.problem)}`);
}
