import { readFile } from 'node:fs/promises';
import type { Report } from '../../suite/result.ts';
import { type BehaviourPreset, behaviourPresets, behaviourQuestions, type ServiceBehaviour } from '../../contract/behaviour.ts';
import { type FileProblem, problemsOf } from '../../contract/file-problems.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { Comparable } from '../../report/diff.ts';
import { asUsageError, UsageError } from '../io.ts';

/** A preset by name, or the questions and answers of a JSON file: a fingerprint, or a report. */
export async function readBehaviour(nameOrFile: string): Promise<BehaviourPreset | Partial<ServiceBehaviour>> {
  if (Object.hasOwn(behaviourPresets, nameOrFile)) return nameOrFile as BehaviourPreset;
  const presets = Object.keys(behaviourPresets).join(', ');
  const text = await readText(nameOrFile, `"${nameOrFile}" is not a behaviour (${presets}) nor a file that can be read`);
  return parseBehaviour(text, nameOrFile);
}

/** Reads a behaviour, whole or in part, from JSON. Errors: `UsageError` that names the line, the question and the answers that it has. */
export async function parseBehaviour(text: string, file: string): Promise<Partial<ServiceBehaviour>> {
  return behaviourIn(
    parsed(text, (why) => `${file}: this is not JSON. ${why}`),
    text,
    file,
  );
}

/** A behaviour by itself, or that of a report or a fingerprint, which carry it among other things. */
async function behaviourIn(json: unknown, text: string, file: string): Promise<Partial<ServiceBehaviour>> {
  const within = isJsonObject(json) && isJsonObject(json.behaviour) ? ['behaviour'] : [];
  const behaviour = within.length > 0 ? (json as { behaviour: unknown }).behaviour : json;
  const problems = problemsOf('behaviour', behaviour).map((problem) => ({ ...problem, path: [...within, ...problem.path] }));
  await expectNone(problems, file, text, (problem) => behaviourWords(problem, within.length));
  // The schema has just proved it.
  return behaviour as Partial<ServiceBehaviour>;
}

/** Reads a report, or a behaviour, by itself or in a fingerprint. Errors: `UsageError` that says where it is neither. */
export async function readComparable(file: string): Promise<Comparable> {
  const text = await readText(file, `${file} cannot be read`);
  const json = parsed(text, () => `${file} is not JSON, so it is neither a report (--json) nor a fingerprint (--fingerprint).`);
  const neither = `${file} is neither a report nor a fingerprint.`;
  if (!isJsonObject(json)) throw new UsageError(`${neither} It is not a JSON object.`);
  if (!('results' in json)) {
    const behaviour = await behaviourIn(json, text, file);
    if (Object.keys(behaviour).length === 0)
      throw new UsageError(`${neither} It has no answer to any question, so nothing can be compared.`);
    return { name: file, behaviour };
  }
  if (json.schemaVersion !== 1) {
    throw new UsageError(`${neither} Its schemaVersion is ${JSON.stringify(json.schemaVersion)}; this version reads 1.`);
  }
  await expectNone(problemsOf('report', json), file, text, (problem) => {
    const isAnswer = problem.path[0] === 'behaviour' && problem.path.length > 1;
    return `${isAnswer ? behaviourWords(problem, 1) : schemaWords(problem)} It was read as a report.`;
  });
  // The schema has just proved it.
  const { subject, results, ...report } = json as unknown as Report;
  return { name: file, subject, results, behaviour: 'behaviour' in report ? report.behaviour : {} };
}

async function readText(file: string, problem: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(asUsageError(problem))).replace(/^\uFEFF/, '');
}

function parsed(text: string, problem: (why: string) => string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(problem((error as Error).message));
  }
}

/** Throws the first problem, if there is one, with its line. What finds lines is loaded only then. */
async function expectNone(problems: readonly FileProblem[], file: string, text: string, wordsOf: (problem: FileProblem) => string) {
  if (problems.length === 0) return;
  const { parseWithLines } = await import('./lines.ts');
  throw parseWithLines(text, file).firstProblem(problems, wordsOf);
}

/** What a question is, and which answers it has. `depth` is that of the behaviour in the file. */
function behaviourWords({ path }: FileProblem, depth: number): string {
  const question = path[depth];
  if (question === undefined) return 'A behaviour is a JSON object of questions and answers.';
  if (!Object.hasOwn(behaviourQuestions, question))
    return `"${question}" is not a question of a behaviour. There are: ${Object.keys(behaviourQuestions).join(', ')}.`;
  const answers: 'refusal' | readonly unknown[] = behaviourQuestions[question as keyof ServiceBehaviour];
  if (answers === 'refusal') return `"${question}" wants {"status": 400…499, "code"?: integer}.`;
  return `"${question}" has the answers ${answers.map((possible) => JSON.stringify(possible)).join(', ')}.`;
}

/** A problem in the words of its schema, such as `"results[0].level" is missing.` */
function schemaWords({ path, words }: FileProblem): string {
  const name = path.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return `"${name.slice(1)}" ${words}.`;
}
