import { readFile } from 'node:fs/promises';
import { type BehaviourPreset, behaviourPresets, behaviourQuestions, type ServiceBehaviour } from '../../contract/behaviour.ts';
import { type FileProblem, problemsOf } from '../../contract/file-problems.ts';
import { isJsonObject } from '../../contract/json.ts';
import { UsageError } from '../io.ts';

/** A preset by name, or the questions and answers of a JSON file: a fingerprint, or a report. */
export async function readBehaviour(nameOrFile: string): Promise<BehaviourPreset | Partial<ServiceBehaviour>> {
  if (Object.hasOwn(behaviourPresets, nameOrFile)) return nameOrFile as BehaviourPreset;
  const text = await readFile(nameOrFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `"${nameOrFile}" is no behaviour (${Object.keys(behaviourPresets).join(', ')}) and no file that can be read: ${error.code ?? error.message}.`,
    );
  });
  return parseBehaviour(text.replace(/^\uFEFF/, ''), nameOrFile);
}

/** Reads a behaviour, whole or in part, from JSON. Errors: `UsageError` that names the line, the question and the answers that it has. */
export async function parseBehaviour(text: string, file: string): Promise<Partial<ServiceBehaviour>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: this is no JSON. ${(error as Error).message}`);
  }
  // A report carries the behaviour among other things.
  const within = isJsonObject(json) && isJsonObject(json.behaviour) ? ['behaviour'] : [];
  const behaviour = within.length > 0 ? (json as { behaviour: unknown }).behaviour : json;
  const problems = problemsOf('behaviour', behaviour);
  // The schema has just proved it.
  if (problems.length === 0) return behaviour as Partial<ServiceBehaviour>;
  const { firstProblem, parseWithLines } = await import('./lines.ts');
  const placed = problems.map((problem) => ({ ...problem, path: [...within, ...problem.path] }));
  throw firstProblem(file, parseWithLines(text), placed, (problem) => behaviourWords(problem, within.length));
}

/** What a question is, and which answers it has. `depth` is that of the behaviour in the file. */
export function behaviourWords({ path }: FileProblem, depth: number): string {
  const question = path[depth];
  if (question === undefined) return 'A behaviour is a JSON object of questions and answers.';
  if (!Object.hasOwn(behaviourQuestions, question)) {
    return `"${question}" is not a question of a behaviour. There are: ${Object.keys(behaviourQuestions).join(', ')}.`;
  }
  const answers: 'refusal' | readonly unknown[] = behaviourQuestions[question as keyof ServiceBehaviour];
  if (answers === 'refusal') return `"${question}" wants {"status": 400…499, "code"?: integer}.`;
  return `"${question}" has the answers ${answers.map((possible) => JSON.stringify(possible)).join(', ')}.`;
}
