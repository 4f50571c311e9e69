import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shellWord } from '../../src/report/curl.ts';
import { cli, cliProcess, unwrapped } from '../support/cli.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-score-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Scores a command of a shell in the scenario `plain`, which is enough to see how it ends. */
const score = (script: string, options = '') =>
  cli(`score --scenario plain --timeout-seconds 1 ${options} -- sh -c ${shellWord(script)}`, {
    PATH: process.env.PATH,
    FOLDER: folder,
  });

const isGone = async (pidFile: string): Promise<boolean> => {
  const pid = (await readFile(join(folder, pidFile), 'utf8')).trim();
  // What was killed may stay listed, as Z, until somebody looks after it.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  return /\) [ZX]/.test(stat);
};

describe.runIf(process.platform === 'linux')('a client that misbehaves is reported as such, and no process is left behind', () => {
  test('hangs', async () => {
    const { exitCode, out } = await score('trap "" TERM; echo $$ > $FOLDER/hangs; echo working; while :; do sleep 1; done');
    expect(exitCode).toBe(1);
    expect(out).toContain('✗ client.ends-in-time (must)\n');
    expect(unwrapped(out)).toContain('Found         In plain: it was still running at the limit, and was killed. It printed: working');
    expect(unwrapped(out)).toContain('untestable (blocked by client.ends-in-time)');
    expect(await isGone('hangs')).toBe(true);
  });

  test('crashes', async () => {
    const { exitCode, out } = await score('echo "segment 7" >&2; kill -SEGV $$');
    expect(exitCode).toBe(1);
    expect(unwrapped(out)).toMatch(/Re-run +pc-billing score --strict --only client\.writes-profile --scenario plain -- sh -c /);
    expect(unwrapped(out)).toContain('Found         It sent nothing, and was ended by SIGSEGV. It printed: segment 7');
  });

  test('forks: children that outlive it and ignore SIGTERM, in its group and out of it', async () => {
    const child = (name: string): string => `sh -c 'trap "" TERM; echo $$ > $FOLDER/${name}; sleep 30'`;
    const { exitCode, out } = await score(`${child('forks')} & setsid ${child('leaves')} & sleep 0.2; exit 0`);
    expect(exitCode).toBe(1);
    expect(unwrapped(out)).toContain('In plain: processes that it had started outlived it; they were killed.');
    expect([await isGone('forks'), await isGone('leaves')]).toEqual([true, true]);
  });

  test('prints a megabyte, and its token, in base64 too', async () => {
    const print =
      'head -c 1000000 /dev/zero | tr "\\0" x; echo; echo "with $PARTNER_CENTER_TOKEN"; printf "%s" "$PARTNER_CENTER_TOKEN" | base64';
    const { exitCode, out } = await score(print);
    expect(exitCode).toBe(1);
    expect(out).toContain('It printed 10001');
    expect(out).toContain('with <redacted> | <redacted>');
    expect(out.length).toBeLessThan(10_000);
  });

  test('fails as it is known to, until a day', async () => {
    const known = join(folder, 'known.yaml');
    const entry = (requirement: string, expires: string): string =>
      `  - { requirement: ${requirement}, reason: It is replaced., owner: team billing, expires: ${expires} }\n`;
    // An entry for servers, in the same file, is none of a client's business.
    const server = entry('etag.refuses-stale-write', '2999-12-31');
    await writeFile(known, `deviations:\n${entry('client.writes-profile', '2999-12-31')}${server}`);
    const accepted = await score('exit 1', `--known ${known}`);
    expect(accepted.out).toContain('! client.writes-profile (must, accepted until 2999-12-31)\n');
    expect(accepted.out).toContain('Accepted      until 2999-12-31; owner team billing: It is replaced.\n');
    expect(accepted.exitCode).toBe(0);

    await writeFile(known, `deviations:\n${entry('client.writes-profile', '2026-01-31')}`);
    const expired = await score('exit 1', `--known ${known}`);
    expect(expired.out).toContain('until 2026-01-31, and counts again since');
    expect(expired.exitCode).toBe(1);

    await writeFile(known, `deviations:\n${entry('client.ends-in-time', '2999-12-31')}`);
    const stale = await score('exit 1', `--known ${known}`);
    expect(stale.out).toContain('Resolved: client.ends-in-time passes.');
    expect(stale.exitCode).toBe(1);
  });

  test('is told to stop with Ctrl-C: the client is killed, and the run is not valid', async () => {
    const program = cliProcess(`score -- sh -c 'trap "" INT TERM; echo $$ > $FOLDER/stopped; sleep 30'`, { FOLDER: folder });
    await program.firstOutput();
    await expect.poll(() => readFile(join(folder, 'stopped'), 'utf8').catch(() => ''), { interval: 20 }).toMatch(/\d\n/);
    program.child.kill('SIGINT');
    const { exitCode, out, err } = await program.ended();
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: '\nStopping: the client is killed.\n' });
    expect(out).toContain('The run is not valid. The score was stopped.');
    expect(await isGone('stopped')).toBe(true);
  });
});

test('a command that does not exist is a mistake in the arguments', async () => {
  expect(await cli('score -- no-such-program-here')).toMatchObject({
    exitCode: 2,
    err: 'pc-billing: The command "no-such-program-here" cannot be started: there is no such program.\n',
  });
  expect(await cli('score --scenario none -- true')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('no scenario "none"'),
  });
  expect(await cli('score')).toMatchObject({ exitCode: 2 });
});

test('a script of one language writes, over HTTP, and every form of the report', async () => {
  const script = join(folder, 'client.mjs');
  await writeFile(
    script,
    `const { PARTNER_CENTER_BASE_URL: base, PARTNER_CENTER_TOKEN: token, PARTNER_CENTER_CUSTOMER_ID: id, PC_BILLING_COMPANY } = process.env;
const url = base + '/v1/customers/' + id + '/profiles/billing';
const headers = () => ({ Authorization: 'Bearer ' + token, 'MS-RequestId': crypto.randomUUID(), 'MS-CorrelationId': crypto.randomUUID() });
const profile = await (await fetch(url, { headers: headers() })).json();
const body = JSON.stringify({ ...profile, companyName: PC_BILLING_COMPANY });
const answer = await fetch(url, { method: 'PUT', headers: { ...headers(), 'Content-Type': 'application/json', 'If-Match': profile.attributes.etag }, body });
process.exit(answer.ok ? 0 : 1);
`,
  );
  const files = ['json', 'junit', 'markdown', 'html'].map((form) => [form, join(folder, `report.${form}`)] as const);
  const options = files.map(([form, file]) => `--${form} ${file}`).join(' ');
  const { exitCode, out } = await score(`exec "${process.execPath}" "${script}"`, `--timeout-seconds 20 ${options}`);
  expect(exitCode).toBe(0);
  expect(out).toContain('Every "must" that was tested holds. Failed, but only a "should":\nclient.quotes-if-match.');
  const [json, ...others] = await Promise.all(files.map(([, file]) => readFile(file, 'utf8')));
  expect(JSON.parse(json!)).toMatchObject({ schemaVersion: 1, summary: { fail: 1 } });
  for (const text of others) expect(text).toContain('client.quotes-if-match');

  const strict = await score(`exec "${process.execPath}" "${script}"`, '--timeout-seconds 20 --only client.quotes-* --strict');
  expect(strict.exitCode).toBe(1);
});

test('a client never meets the service of the environment that the score was started in', async () => {
  const real = { PARTNER_CENTER_BASE_URL: 'https://api.partnercenter.microsoft.com', PARTNER_CENTER_TOKEN: 'real-token' };
  const script = 'echo "$PARTNER_CENTER_BASE_URL $PARTNER_CENTER_TOKEN" > "$FOLDER/env"';
  await cli(`score --scenario plain -- sh -c ${shellWord(script)}`, { PATH: process.env.PATH, FOLDER: folder, ...real });
  expect(await readFile(join(folder, 'env'), 'utf8')).toMatch(/^http:\/\/127\.0\.0\.1:\d+ score-[0-9a-f-]{36}\n$/);
});

test('the other host has another name, so that every client sees that it is another', async () => {
  const script = `"${process.execPath}" -e '
    fetch(process.env.PARTNER_CENTER_BASE_URL, { redirect: "manual" }).then((answer) => {
      console.log(new URL(answer.headers.get("Location") ?? "http://none").hostname);
      process.exitCode = 7;
    })'`;
  const file = join(folder, 'redirect.json');
  await score(script, `--scenario redirect --timeout-seconds 20 --json ${file} --only client.writes-*`);
  const { out } = await score(`${script} > "$FOLDER/host"`, '--scenario redirect --timeout-seconds 20 --only client.keeps-token-*');
  expect(out).toContain('redirect to another host: not followed');
  expect(await readFile(join(folder, 'host'), 'utf8')).toBe('localhost\n');
});

test('a client that is started by hand is judged when the mock is stopped', async () => {
  const { exitCode, out } = await cli('mock --port 0 --score plain');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^Scenario plain: .*\n\nexport PARTNER_CENTER_BASE_URL=http:\/\/127\.0\.0\.1:\d+\n/);
  expect(out).toContain('How the client ended is not known here, so what needs it is skipped.');
  expect(out).toMatch(/\d+\s+skipped\n/);
  expect(unwrapped(out)).toContain('It sent nothing, and ended in a way that is not known.');
});
