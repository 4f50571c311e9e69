import type { FileProblem } from '../../contract/file-problems.ts';
import { UsageError } from '../io.ts';
import { type LinedText, parseWithLines } from './yaml-lines.ts';

/** The first thing that is wrong with a file, with its line. `wordsOf` says it in the words of that kind of file. */
export function firstProblem(
  file: string,
  problems: readonly FileProblem[],
  wordsOf: (problem: FileProblem) => string,
  lines: Pick<LinedText, 'lineOf'>,
): UsageError {
  const [first] = problems
    .map((problem) => ({ problem, line: lines.lineOf(problem.path, problem.kind === 'unknown' ? 'name' : 'value') }))
    .toSorted((one, other) => one.line - other.line);
  return new UsageError(`${file}, line ${first!.line}: ${wordsOf(first!.problem)}`);
}

/** The same of a JSON file, whose lines are looked for only now. */
export const firstProblemOfJson = (
  file: string,
  text: string,
  problems: readonly FileProblem[],
  wordsOf: (problem: FileProblem) => string,
): UsageError => firstProblem(file, problems, wordsOf, parseWithLines(text));

/** A problem in the words of its schema, such as `"results[0].level" is missing.` */
export function schemaWords({ path, words }: FileProblem): string {
  const name = path.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
  return `${name === '' ? 'the whole' : `"${name}"`} ${words}.`;
}
