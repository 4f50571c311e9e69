import { isNode, LineCounter, parseDocument } from 'yaml';
import type { FileProblem } from '../../contract/file-problems.ts';
import { UsageError } from '../io.ts';

/**
 * Reads YAML, or JSON, which is YAML too, and keeps the lines.
 *
 * Shape: `error` when the text is not YAML, else `value`. `firstProblem` makes an error of the first thing that is wrong with the value, in
 * the words of that kind of file. Both errors name the line; of a value that is not there, that of what is around it.
 */
export function parseWithLines(text: string, file: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset = 0): number => lines.linePos(offset).line || 1;
  const lineOf = (path: readonly string[]): number => {
    const node = document.getIn(path, true);
    return isNode(node) || path.length === 0 ? lineAt(isNode(node) ? node.range?.[0] : 0) : lineOf(path.slice(0, -1));
  };
  const firstProblem = (problems: readonly FileProblem[], wordsOf: (problem: FileProblem) => string): UsageError => {
    const placed = problems.map((problem) => ({ problem, line: lineOf(problem.path) }));
    const [first] = placed.toSorted((one, other) => one.line - other.line);
    return new UsageError(`${file}, line ${first!.line}: ${wordsOf(first!.problem)}`);
  };
  const [error] = document.errors;
  if (error === undefined) return { value: document.toJS() as unknown, firstProblem };
  return { error: new UsageError(`${file}, line ${lineAt(error.pos[0])}: this is not YAML. ${error.message}`), firstProblem };
}
