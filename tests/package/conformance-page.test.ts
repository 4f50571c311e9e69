import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseKnown } from '../../src/cli/files/known-file.ts';
import { requirements } from '../../src/conformance/index.ts';
import { behaviourPresets } from '../../src/mock/index.ts';
import { cli } from '../support/cli.ts';
import { blocksIn, blocksOf, openShell, type ReadersShell } from '../support/pages.ts';
import { readSource } from '../support/source.ts';

const path = 'docs/conformance.md';
const page = readSource(path);
const [dryRun, restore, run, reports, one, about, diff, fingerprint] = blocksIn(path, 'sh') as [string, string, string, string, string, string, string, string]; // prettier-ignore

let shell: ReadersShell;
let stop: () => void;
let mock: Promise<void>;
beforeAll(async () => {
  shell = await openShell();
  await new Promise<void>((started) => {
    mock = shell.during('npx pc-billing mock --port 4010', () => new Promise<void>((end) => (started(), (stop = end))));
  });
});
afterAll(async () => {
  stop();
  await mock;
  await shell.close();
});

test('the blocks are those that are looked at below or among the examples', () => {
  const languages = ['mermaid', 'sh', 'sh', 'sh', 'sh', 'sh', 'text', 'sh', 'yaml', 'yaml', 'sh', 'sh', 'ts'];
  expect(blocksOf(path).map(({ language }) => language)).toEqual(languages);
});

// A whole run takes a second, so that blocks of the same run share one.
describe('the shell blocks', () => {
  test('print the plan of a run and a single requirement, and find nothing to put back', async () => {
    expect(await shell.run(dryRun)).toMatch(/\n\d+ requests, none of them sent\.\n$/);
    expect(await shell.run(one)).toContain('✓ read         1\n');
    expect(await shell.run(restore)).toContain('There is nothing to put back');
  });

  test('run the suite, and write a fingerprint that the mock takes', async () => {
    expect(fingerprint).toBe(`${run.trim()} --fingerprint fingerprint.json\n`);
    expect(await shell.run(fingerprint)).toContain(shell.url);
    const { readBehaviour } = await import('../../src/cli/files/json-files.ts');
    expect(await readBehaviour(join(shell.folder, 'fingerprint.json'))).toEqual(behaviourPresets.observed);
    expect(page).toContain('`npx pc-billing mock --behaviour fingerprint.json`');
  });

  test('list and explain', async () => {
    expect(await shell.run(about)).toContain('accepts-stale-etag');
  });
});

test('the CI job runs the suite with every report, keeps summary and files, and two reports are compared', async () => {
  const job = parse(blocksIn(path, 'yaml')[0]!) as { jobs: { conformance: { steps: { name?: string; run?: string; with?: object }[] } } };
  const { steps } = job.jobs.conformance;
  const script = steps.flatMap(({ run: command }) => (command === undefined || command === 'npm ci' ? [] : [command]));
  expect(script).toHaveLength(3);
  expect(script[1]).toBe(reports.trim());
  // The mock of this page listens on that port already, so that the one of the job ends at once.
  await shell.run(`${script.join('\n')}\n${diff}`);
  expect(readFileSync(join(shell.folder, 'step-summary.md'), 'utf8')).toMatch(/^# Conformance of/);
  const { path: kept } = steps.find((step) => step.with !== undefined && 'path' in step.with)!.with as { path: string };
  for (const file of [...kept.split('\n'), 'summary.md', 'diff.md']) expect(existsSync(join(shell.folder, file)), file).toBe(true);
});

test('the file of accepted failures can be read', () => {
  expect(parseKnown(blocksIn(path, 'yaml')[1]!, path)).toHaveLength(1);
});

test('the table of options has each option of a run, and the page names no other', async () => {
  const helps = await Promise.all(['run', 'restore', 'diff'].map((command) => cli(`conformance ${command} --help`)));
  const options = (text: string): string[] => [...new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option))].toSorted();
  const table = page.split('| option ')[1]!.split('\n\n')[0]!;
  const listed = [...table.matchAll(/^\| (`--.+?) +\|/gm)].flatMap(([, cell]) => options(cell!)).toSorted();
  expect(listed).toEqual(options(helps[0]!.out).filter((option) => option !== '--help'));
  const known = new Set(helps.flatMap(({ out }) => options(out)));
  expect(options(page).filter((option) => !known.has(option) && option !== '--behaviour' && option !== '--port')).toEqual([]);
});

test('the limits of a run have the defaults of the code', async () => {
  const { resolveRunOptions } = await import('../../src/conformance/run-options.ts');
  const { resolveTarget } = await import('../../src/conformance/target.ts');
  const target = resolveTarget({ baseUrl: 'https://partner.example', token: 't', customerId: '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04' });
  const { mode, maxRequests, maxWaitMs } = resolveRunOptions(target, {});
  expect(page).toMatch(new RegExp(`^\\| \`--mode\` .*else \`${mode}\``, 'm'));
  expect(page).toMatch(new RegExp(`^\\| \`--max-requests\` +\\| ${maxRequests} `, 'm'));
  expect(page).toMatch(new RegExp(`^\\| \`--max-wait-seconds\` +\\| ${maxWaitMs / 1000} `, 'm'));
});

test('the failures that it explains are requirements', () => {
  const table = page.split('## Common failures')[1]!.split('\n## ')[0]!;
  const ids = [...table.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, id]) => id!);
  expect(ids.length).toBeGreaterThanOrEqual(5);
  expect(ids.filter((id) => !requirements.some((requirement) => requirement.id === id))).toEqual([]);
});
