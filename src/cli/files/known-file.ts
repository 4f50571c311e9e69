import { readFile } from 'node:fs/promises';
import type { AcceptedFailure } from '../../suite/result.ts';
import { requirements } from '../../conformance/requirements/index.ts';
import { type FileProblem, problemsOf } from '../../contract/file-problems.ts';
import { printable } from '../../contract/printable.ts';
import { clientRequirements } from '../../score/requirements/index.ts';
import { asUsageError } from '../io.ts';
import { parseWithLines } from './lines.ts';

const members = ['requirement', 'reason', 'owner', 'expires'].join(', ');

// Those of servers and of clients: a team may keep one file for both, and each suite heeds its own.
const ids: ReadonlySet<string> = new Set([...requirements, ...clientRequirements].map(({ id }) => id));

/**
 * Reads a file of known deviations.
 *
 * Shape: YAML, as `schemas/known.schema.json` has it. Errors: `UsageError` that names the line of the first thing that is wrong.
 */
export async function readKnownFile(file: string): Promise<AcceptedFailure[]> {
  return parseKnown(await readFile(file, 'utf8').catch(asUsageError(`The file of known deviations ${file} cannot be read`)), file);
}

/** The same, from text. */
export function parseKnown(text: string, file: string): AcceptedFailure[] {
  const { value: written, error, firstProblem } = parseWithLines(text, file);
  if (error !== undefined) throw error;
  // Spaces around a text mean nothing to a person.
  const value: unknown = JSON.parse(JSON.stringify(written ?? null), (_, one: unknown) => (typeof one === 'string' ? one.trim() : one));
  const problems = problemsOf('known', value);
  if (problems.length > 0) throw firstProblem(problems, (problem) => knownWords(problem, value));
  // The schema has just proved it.
  const { deviations } = value as { deviations: AcceptedFailure[] };
  const beyond = deviations.flatMap((entry, index) => problemsBeyondSchema(entry, index, deviations));
  if (beyond.length > 0) throw firstProblem(beyond, ({ words }) => words);
  return deviations.map(({ requirement, reason, owner, expires }) => ({ requirement, reason: tidy(reason), owner: tidy(owner), expires }));
}

const tidy = (text: string): string => printable(text.replaceAll(/\s+/g, ' '));
const noDate = (text: string): string => `"${printable(text)}" is not a date. Expected the last day, such as 2027-01-31.`;
const noRequirement = (id: string): string =>
  `there is no requirement "${printable(id)}". \`pc-billing conformance list\` shows those of servers, docs/reference/client-requirements.md those of clients.`;

/** What the schema finds, in the words of such a file. */
function knownWords({ path, kind }: FileProblem, value: unknown): string {
  const [, index, member] = path;
  const allowed = index === undefined ? 'there is "deviations" alone' : `an entry has ${members}`;
  if (kind === 'unknown') return `"${printable(path.at(-1)!)}" is not known here; ${allowed}.`;
  if (index === undefined) return 'expected "deviations:" with a list of entries.';
  if (member === undefined) return `an entry has ${members}; this is none.`;
  const found = (value as { deviations: Record<string, unknown>[] }).deviations[Number(index)]![member];
  if (typeof found === 'string' && found !== '' && member === 'expires') return noDate(found);
  if (typeof found === 'string' && found !== '' && member === 'requirement') return noRequirement(found);
  return `the entry has no "${member}", or one that is not a text.`;
}

/** What no schema can say: that a requirement exists, that a day does, and that there is one entry for a requirement. */
function problemsBeyondSchema({ requirement, expires }: AcceptedFailure, index: number, all: readonly AcceptedFailure[]): FileProblem[] {
  const at = (member: string[], words: string): FileProblem => ({ path: ['deviations', String(index), ...member], kind: 'value', words });
  return [
    ...(ids.has(requirement) ? [] : [at(['requirement'], noRequirement(requirement))]),
    ...(isDay(expires) ? [] : [at(['expires'], noDate(expires))]),
    ...(all.findIndex((entry) => entry.requirement === requirement) === index ? [] : [at([], `${requirement} has an entry already.`)]),
  ];
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
