import { readFile } from 'node:fs/promises';
import type { Result } from '../../conformance/types.ts';
import { parseBehaviour } from '../../contract/behaviour.ts';
import { isJsonObject } from '../../contract/json.ts';
import type { Comparable } from '../../report/diff.ts';
import { UsageError } from '../io.ts';

export async function readComparable(file: string): Promise<Comparable> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`${file} is no JSON, so it is neither a report (--json) nor a fingerprint (--fingerprint).`);
  }
  try {
    return comparableFrom(file, json);
  } catch (error) {
    throw new UsageError(`${file} is neither a report nor a fingerprint. ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Errors: `TypeError` that names what is wrong. */
function comparableFrom(name: string, json: unknown): Comparable {
  if (!isJsonObject(json)) throw new TypeError('It is no JSON object.');
  if (!('results' in json)) return { name, behaviour: parseBehaviour(isJsonObject(json.behaviour) ? json.behaviour : json) };
  const { schemaVersion, subject, results, behaviour } = json;
  if (schemaVersion !== 1) throw new TypeError(`Its schemaVersion is ${JSON.stringify(schemaVersion)}; this version reads 1.`);
  if (!isJsonObject(subject) || (subject.kind !== 'server' && subject.kind !== 'client')) {
    throw new TypeError('It has no subject of the kind server or client.');
  }
  if (!Array.isArray(results)) throw new TypeError('Its results are no list.');
  const wrong = results.findIndex((result) => !isResult(result));
  if (wrong !== -1) throw new TypeError(`Its result ${wrong} has no id, verdict or level that is known here.`);
  // True by the checks above, as far as it is used.
  return {
    name,
    subject: subject as unknown as NonNullable<Comparable['subject']>,
    results: results as Result[],
    behaviour: parseBehaviour(behaviour ?? {}),
  };
}

function isResult(result: unknown): boolean {
  if (!isJsonObject(result) || typeof result.id !== 'string') return false;
  const isKnown = result.known === undefined || (isJsonObject(result.known) && typeof result.known.expired === 'boolean');
  const isText = [result.reason, result.because].every((words) => words === undefined || typeof words === 'string');
  return (
    isKnown &&
    isText &&
    ['pass', 'fail', 'untestable', 'skipped', 'broken'].includes(String(result.verdict)) &&
    ['must', 'should', 'observe'].includes(String(result.level))
  );
}
