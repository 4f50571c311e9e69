import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileSnapshots } from '../../src/cli/files/snapshots.ts';
import { createMockService } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { canaryCustomers, canaryPerson, canaryToken } from '../support/canary.ts';
import { cli } from '../support/cli.ts';
import { serviceOf } from '../support/service-of.ts';
import { randomOf } from './ended-runs.ts';

const each =
  (spell: (code: string, index: number) => string) =>
  (text: string): string =>
    [...text].map((character, index) => spell(character.charCodeAt(0).toString(16).padStart(2, '0'), index)).join('');

/** How a server may spell what it repeats. */
const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `Bearer ${text}`,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  (text) => Buffer.from(`{"t":"${text}"}`).toString('base64url'),
  (text) => encodeURIComponent(Buffer.from(`x${text}`).toString('base64')),
  each((code) => `%${code}`),
  each((code, index) => (index % 2 === 0 ? `%${code.toUpperCase()}` : String.fromCharCode(parseInt(code, 16)))),
  each((code) => `%25${code}`),
  each((code) => `&#x${code};`),
  each((code) => `&#${parseInt(code, 16)};`),
  each((code) => `\\u00${code}`),
  (text) => `\u001b[31m${text}\r\n\u202e${text}`,
];

/** Puts words into a response. */
type Echo = (response: Response, words: string) => Response | Promise<Response>;

const withHeaders = (response: Response, body: string, headers: Record<string, string> = {}, status = response.status): Response => {
  const { 'content-length': _, ...kept } = Object.fromEntries(response.headers);
  return new Response(body, { status, headers: { ...kept, ...headers } });
};
const inHeader = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '.');
const profileWith =
  (change: (words: string) => object): Echo =>
  async (response, words) => {
    if (response.status !== 200) return response;
    const profile = JSON.parse((await response.text()).replace(/^\uFEFF/, '')) as object;
    return withHeaders(response, JSON.stringify({ ...profile, ...change(words) }));
  };
const refusalWith =
  (body: (words: string) => unknown, status?: number): Echo =>
  (response, words) =>
    response.status < 400 && status === undefined ? response : withHeaders(response, JSON.stringify(body(words)), {}, status);

/** Where a server may repeat something. */
const places: readonly Echo[] = [
  refusalWith((words) => ({ code: 5, description: words, data: [], source: 'x' })),
  refusalWith((words) => ({ code: words, description: 'x', data: [words], source: words })),
  refusalWith((words) => ({ statusCode: 400, message: words, [words]: words })),
  refusalWith((words) => ({ code: words, description: words, data: [] }), 401),
  refusalWith((words) => ({ code: words, description: words, data: [] }), 503),
  refusalWith((words) => words),
  async (response, words) => withHeaders(response, await response.text(), { 'MS-RequestId': inHeader(words), 'MS-CV': inHeader(words) }),
  async (response, words) => withHeaders(response, await response.text(), { 'WWW-Authenticate': inHeader(words), ETag: inHeader(words) }),
  async (response, words) => withHeaders(response, await response.text(), { 'Content-Type': `text/html; x="${inHeader(words)}"` }),
  (response, words) => withHeaders(response, `<html>${words}</html>`, { 'Content-Type': 'text/html' }, 502),
  (response, words) => withHeaders(response, '', { Location: `https://elsewhere.example/?${inHeader(words)}` }, 302),
  profileWith((words) => ({ attributes: { etag: words, objectType: words } })),
  profileWith((words) => ({ [words]: words, links: { self: { uri: words, method: words, headers: [] } } })),
  profileWith((words) => ({ culture: words, id: words, companyName: words })),
  profileWith((words) => ({ firstName: [words], defaultAddress: words })),
];

/** Whether a text has the token in it, literally or once it is decoded. This knows nothing of how it is hidden. */
function hasToken(text: string): boolean {
  const decoded = [text];
  for (let depth = 0; depth < 3; depth += 1) {
    decoded.push(
      decoded
        .at(-1)!
        .replaceAll(/%([0-9a-f]{2})|&#x([0-9a-f]+);|\\u00([0-9a-f]{2})/gi, (_, ...[one, two, three]: string[]) =>
          String.fromCharCode(parseInt((one ?? two ?? three)!, 16)),
        )
        .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    );
  }
  return decoded.some((one) => {
    const inBase64 = (one.match(/[\w+/-]{12,}/g) ?? []).flatMap((run) =>
      [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
    );
    return [one, ...inBase64].some((words) => words.includes(canaryToken));
  });
}

const reportsIn = (folder: string): string =>
  ['json', 'junit', 'markdown', 'html'].map((form) => `--${form} ${join(folder, `report.${form}`)}`).join(' ');

/** The reports that were written, by name. */
async function reportsOf(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).filter((one) => one.startsWith('report.'));
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as [string, string]));
}

/** Runs every command that talks to a server against one that repeats the token and a name of the customer, and reads all that they write. */
export async function listenTo(seed: number): Promise<void> {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const [echo, spell, share] = [pick(places), pick(spellings), pick([1, 0.5, 0.1])];
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-'));
  const mock = createMockService({ token: canaryToken, customers: canaryCustomers });
  // A name that the command has not read so far is, for it, a word of the service.
  let isTold = false;
  const served = await serve(
    serviceOf(async (request) => {
      const response = await mock.fetch(request);
      const words = `${spell(canaryToken)}${isTold ? ` ${canaryPerson}` : ''}`;
      if (random() < share) return echo(response, words);
      isTold ||= response.status === 200;
      return response;
    }),
    { port: 0 },
  );
  const [customerId] = mock.customers.ids() as [string];
  const about = `seed ${seed}`;
  try {
    const snapshots = join(folder, 'left');
    const log = await fileSnapshots(snapshots).open(served.url, customerId);
    const profile = mock.customers.get(customerId) as unknown as Record<string, unknown>;
    await log.begin({
      schemaVersion: 1,
      baseUrl: served.url,
      customerId,
      runId: 'r',
      takenAt: '2026-11-23',
      profile: { ...profile, companyName: 'x' },
    });
    await log.close();
    const server = `--base-url ${served.url}`;
    const reports = `${reportsIn(folder)} --fingerprint ${join(folder, 'report.fingerprint')}`;
    const run = `conformance ${server} --customer ${customerId} --state-dir ${join(folder, 'state')}`;
    const suite = [`${run} ${reports}`, `${run} --dry-run`, `conformance restore ${server} --state-dir ${snapshots}`];
    // What `get` and `set` print is the customer's profile: the token alone is a secret there.
    const own = [
      `get ${customerId} ${server}`,
      `get ${customerId} ${server} --etag`,
      `set ${customerId} ${server} --city Redmond`,
      `${run} --show-bodies`,
    ];
    for (const line of [...suite, ...own]) {
      isTold = line.startsWith('conformance restore');
      const { out, err } = await cli(line, { PARTNER_CENTER_TOKEN: canaryToken });
      expect(hasToken(out + err), `${about}: ${line}\n${out}${err}`).toBe(false);
      expect(out + err, `${about}: ${line}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/); // oxlint-disable-line no-control-regex
      if (suite.includes(line)) expect(out + err, `${about}: ${line}`).not.toContain(canaryPerson);
    }
    for (const [name, text] of await reportsOf(folder)) {
      expect(hasToken(text), `${about}: ${name}`).toBe(false);
      expect(text, `${about}: ${name}`).not.toContain(canaryPerson);
    }
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The commands that talk to no server, with the token in the environment, in a file, and as the mock's own. */
export async function listenToTheOthers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-'));
  try {
    await writeFile(join(folder, 'token'), `${canaryToken}\n`);
    await writeFile(join(folder, 'old.json'), JSON.stringify({ behaviour: { byteOrderMark: canaryToken } }));
    const lines = [
      `mock --port 0 --token ${canaryToken}`,
      `mock --port 0 --behaviour ${canaryToken}`,
      `conformance --only ${canaryToken}`,
      `conformance explain ${canaryToken}`,
      `conformance diff ${join(folder, 'old.json')} ${join(folder, canaryToken)}`,
      `conformance --${canaryToken}`,
      `conformance --mode ${canaryToken}`,
      `conformance --known ${join(folder, canaryToken)}`,
      `conformance restore --state-dir ${join(folder, canaryToken)}`,
      `get ${canaryToken}`,
      `${canaryToken}`,
      `score --only client.writes-* --scenario plain ${reportsIn(folder)} -- sh -c 'echo "$PARTNER_CENTER_TOKEN" ${canaryToken}'`,
    ];
    for (const line of lines) {
      const { out, err } = await cli(line, { PARTNER_CENTER_TOKEN: canaryToken });
      expect(hasToken(out + err), `${line}\n${out}${err}`).toBe(false);
    }
    const written = await reportsOf(folder);
    expect(written).toHaveLength(4);
    for (const [name, text] of written) expect(hasToken(text), name).toBe(false);
    const { out, err } = await cli(
      `conformance --base-url http://127.0.0.1:9 --customer ${canaryCustomers[0]!.customerId} --token-file ${join(folder, 'token')} --only ${canaryToken}`,
    );
    expect(hasToken(out + err), out + err).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
