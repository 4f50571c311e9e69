import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenarioServer } from '../../src/score/scenario-server.ts';
import { serve } from '../../src/mock/node.ts';
import { cli, unwrapped } from '../support/cli.ts';
import { blocksIn, blocksOf, openShell, type ReadersShell } from '../support/pages.ts';
import { readSource } from '../support/source.ts';

const path = 'docs/score.md';
const page = readSource(path);
const [naive, ours, byHand] = blocksIn(path, 'sh') as [string, string, string];

let shell: ReadersShell;
beforeAll(async () => (shell = await openShell()));
afterAll(() => shell.close());

test('the blocks are those that are looked at below', () => {
  expect(blocksOf(path).map(({ language }) => language)).toEqual(['js', 'sh', 'text', 'sh', 'sh']);
});

test('the first client is told what is wrong with it', async () => {
  const out = await shell.run(`${naive.trim()} || echo "exit $?"`);
  expect(out).toContain('client.guards-write');
  expect(unwrapped(out)).toContain('In answer-lost: the company name is stored, but it ended with 1.');
  expect(unwrapped(out)).toContain('Take attributes.etag of the profile that was read, send it as If-Match');
  expect(out).toMatch(/exit 1\n$/);
});

test('the second client is the example, which check:package scores', () => {
  const [about, ...client] = readSource('examples/our-client.mjs').split('\n');
  expect(about).toMatch(/^\/\/ /);
  expect(blocksIn(path, 'js')).toEqual([client.join('\n')]);
  expect(ours).toBe('npx pc-billing score -- node examples/our-client.mjs\n');
  expect(readSource('scripts/check-package.ts')).toContain("cpSync(join(root, 'examples/our-client.mjs')");
});

test('the environment of a client that is started by hand is the table of the page', async () => {
  const names = [...page.matchAll(/^\| `((?:PARTNER_CENTER|PC_BILLING)_\w+)` +\|/gm)].map(([, name]) => name!).toSorted();
  const server = await startScenarioServer('plain', {
    listen: async (service) => serve(service, { port: 0 }),
  });
  try {
    expect(Object.keys(server.env).toSorted()).toEqual(names);
  } finally {
    await server.close();
  }
  await shell.during(byHand.replace('mock', 'mock --port 0'), async () => {});
});

test('the table of options has each option of a score', async () => {
  const { out } = await cli('score --help');
  const options = (text: string): string[] => [...new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option))].toSorted();
  const table = page.split('| option ')[1]!.split('\n\n')[0]!;
  expect([...table.matchAll(/^\| (`--.+?) +\|/gm)].flatMap(([, cell]) => options(cell!)).toSorted()).toEqual(
    options(out).filter((option) => option !== '--help'),
  );
});
