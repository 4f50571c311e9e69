import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { printable } from '../../contract/printable.ts';
import type { AcceptedFailure } from '../../conformance/types.ts';
import { requirements } from '../../conformance/requirements/index.ts';
import { clientRequirements } from '../../score/requirements.ts';
import { UsageError } from '../io.ts';

const members = ['requirement', 'reason', 'owner', 'expires'] as const;

// Those of servers and of clients: a team may keep one file for both, and each suite heeds its own.
const ids: ReadonlySet<string> = new Set([...requirements, ...clientRequirements].map(({ id }) => id));

/**
 * Reads a file of known deviations.
 *
 * Shape: YAML, as `schemas/known.schema.json` has it. Errors: `UsageError` that names the line of the first thing that is wrong.
 */
export async function readKnownFile(file: string): Promise<AcceptedFailure[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The file of known deviations ${file} cannot be read: ${error.code ?? error.message}.`);
  });
  return parseKnown(text, file);
}

/** The same, from text. */
export function parseKnown(text: string, file: string): AcceptedFailure[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrong = (offset: number | undefined, words: string): UsageError =>
    new UsageError(`${file}, line ${lines.linePos(offset ?? 0).line || 1}: ${words}`);
  const [error] = document.errors;
  if (error !== undefined) throw wrong(error.pos[0], `this is no YAML. ${error.message}`);
  const { contents } = document;
  const list = isMap(contents) ? contents.get('deviations', true) : undefined;
  if (!isMap(contents) || !isSeq(list)) throw wrong(contents?.range?.[0], 'expected "deviations:" with a list of entries.');
  const other = contents.items.map(({ key }) => key).find((key) => isScalar(key) && key.value !== 'deviations');
  if (isScalar(other)) throw wrong(other.range?.[0], `"${String(other.value)}" is not known here; there is "deviations" alone.`);

  const entries = list.items.map((item): AcceptedFailure => {
    if (!isMap(item)) {
      throw wrong(isScalar(item) ? item.range?.[0] : list.range?.[0], `an entry has ${members.join(', ')}; this is none.`);
    }
    return entryFrom(item, wrong);
  });
  for (const [index, { requirement }] of entries.entries()) {
    if (entries.findIndex((entry) => entry.requirement === requirement) === index) continue;
    throw wrong((list.items[index] as YAMLMap).range?.[0], `${requirement} has an entry already.`);
  }
  return entries;
}

function entryFrom(item: YAMLMap, wrong: (offset: number | undefined, words: string) => UsageError): AcceptedFailure {
  const at = item.range?.[0];
  for (const { key } of item.items) {
    if (isScalar(key) && !(members as readonly unknown[]).includes(key.value)) {
      throw wrong(key.range?.[0], `"${String(key.value)}" is not known here; an entry has ${members.join(', ')}.`);
    }
  }
  const entry = {} as Record<(typeof members)[number], string>;
  for (const member of members) {
    const node = item.get(member, true);
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value !== 'string' || value.trim() === '') {
      throw wrong(isScalar(node) ? (node.range?.[0] ?? at) : at, `the entry has no "${member}", or one that is no text.`);
    }
    entry[member] = printable(value.trim().replaceAll(/\s+/g, ' '));
    if (member === 'expires' && !isDate(entry.expires)) {
      throw wrong(node?.range?.[0], `"${entry.expires}" is no date. Expected the last day, such as 2027-01-31.`);
    }
    if (member === 'requirement' && !ids.has(entry.requirement)) {
      throw wrong(
        node?.range?.[0],
        `there is no requirement "${entry.requirement}". \`pc-billing conformance list\` shows those of servers, docs/scoring-your-client.md those of clients.`,
      );
    }
  }
  return entry;
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
