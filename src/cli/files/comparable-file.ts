import { readFile } from 'node:fs/promises';
import type { Report } from '../../suite/result.ts';
import type { ServiceBehaviour } from '../../contract/behaviour.ts';
import { type FileKind, type FileProblem, problemsOf } from '../../contract/file-problems.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { Comparable } from '../../report/diff.ts';
import { UsageError } from '../io.ts';
import { behaviourWords } from './behaviour-file.ts';

/** Reads a report or a fingerprint, dated or not. Errors: `UsageError` that says where it is neither. */
export async function readComparable(file: string): Promise<Comparable> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
  const json = parsed(text.replace(/^\uFEFF/, ''), file);
  const kind = kindOf(json);
  const problems = problemsOf(kind, json);
  if (problems.length > 0) {
    const { firstProblem, parseWithLines } = await import('./lines.ts');
    throw firstProblem(file, parseWithLines(text), problems, (problem) => {
      if (kind === 'behaviour') return behaviourWords(problem, 0);
      const isAnswer = problem.path[0] === 'behaviour' && problem.path.length > 1;
      return `${isAnswer ? behaviourWords(problem, 1) : schemaWords(problem)} It was read as a ${kind}.`;
    });
  }
  // The schema has just proved it.
  if (kind === 'behaviour') return { name: file, behaviour: json as Partial<ServiceBehaviour> };
  const { subject, results, behaviour = {} } = json as Partial<Report> & { behaviour?: Partial<ServiceBehaviour> };
  return { name: file, behaviour, ...(subject === undefined || results === undefined ? {} : { subject, results }) };
}

function parsed(text: string, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is no JSON, so it is neither a report (--json) nor a fingerprint (--fingerprint).`);
  }
  const neither = `${file} is neither a report nor a fingerprint.`;
  if (!isJsonObject(json)) throw new UsageError(`${neither} It is no JSON object.`);
  const { schemaVersion = 1 } = json;
  if (schemaVersion !== 1) throw new UsageError(`${neither} Its schemaVersion is ${JSON.stringify(schemaVersion)}; this version reads 1.`);
  return json;
}

function kindOf(json: Record<string, unknown>): FileKind {
  if ('results' in json) return 'report';
  return 'behaviour' in json || 'schemaVersion' in json ? 'fingerprint' : 'behaviour';
}

/** A problem in the words of its schema, such as `"results[0].level" is missing.` */
function schemaWords({ path, words }: FileProblem): string {
  const name = path.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return `"${name.slice(1)}" ${words}.`;
}
