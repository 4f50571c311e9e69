import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readBehaviour } from '../../src/cli/files/json-files.ts';
import { createMockService } from '../../src/mock/index.ts';
import { serve, type ServedMock } from '../../src/mock/node.ts';
import { cli } from '../support/cli.ts';
import { blocksIn, blocksOf, openShell, type ReadersShell } from '../support/pages.ts';
import { readSource } from '../support/source.ts';

const path = 'docs/first-live-run.md';
const page = readSource(path);
const [settings, look, read, write, restore, compare] = blocksIn(path, 'sh') as [string, string, string, string, string, string];

describe('a rehearsal on the mock', () => {
  const mock = createMockService({ journalSize: 1000 });
  const [customerId] = mock.customers.ids() as [string];
  const before = JSON.stringify({ ...mock.customers.get(customerId), attributes: undefined });
  let served: ServedMock;
  let shell: ReadersShell;
  let step: (script: string) => Promise<string>;
  beforeAll(async () => {
    served = await serve(mock, { port: 0 });
    shell = await openShell();
    // The values that the reader puts in the place of the page's.
    const mine = { CUSTOMER: customerId, TENANT: 'none', SERVICE: served.url };
    const filledIn = Object.entries(mine).reduce((text, [name, value]) => {
      expect(text).toMatch(new RegExp(`^export ${name}=`, 'm'));
      return text.replace(new RegExp(`^export ${name}=\\S+`, 'm'), `export ${name}=${value}`);
    }, settings);
    // In a project the package stands in node_modules.
    step = (script) =>
      shell.run(
        `${filledIn}\nexport PARTNER_CENTER_TOKEN=${mock.token}\n${script.replaceAll('node_modules/partner-center-billing-profile/', '')}`,
      );
  });
  afterAll(async () => {
    await served.close();
    await shell.close();
  });
  const sent = (): Set<string> => new Set(mock.journal.map(({ request }) => request.method));
  const file = (name: string): string => readFileSync(join(shell.folder, name), 'utf8');

  test('looking and reading send GETs only, and write a fingerprint', async () => {
    await step(look);
    expect(file('before.txt')).toContain('CompanyName');
    expect(await step(read)).toContain('46 requests, none of them sent.');
    expect([...sent()]).toEqual(['GET']);
    expect(await readBehaviour(join(shell.folder, 'read-fingerprint.json'))).toMatchObject({ byteOrderMark: true });
  });

  test('writing puts the profile back, and what is sent back has no data of the customer', async () => {
    expect(await step(write)).toContain('Passed');
    expect([...sent()].toSorted()).toEqual(['GET', 'PATCH', 'PUT']);
    expect(JSON.stringify({ ...mock.customers.get(customerId), attributes: undefined })).toBe(before);
    expect(await step(restore)).toContain('There is nothing to put back');
    for (const name of ['fingerprint.json', 'read-fingerprint.json']) {
      for (const secret of [customerId, mock.token, 'FirstName', 'LastName', 'email@sample.com', 'Redmond'])
        expect(file(name)).not.toContain(secret);
    }
    // Why the page says not to send the reports.
    expect(file('write.json')).toContain(customerId);
  });

  test('comparing finds the profile as it was, and the mock as its fingerprint says', async () => {
    const { etag } = mock.customers.get(customerId)!.attributes;
    const printed = await step(compare);
    const differing = printed.split('\n').filter((line) => /^[<>]/.test(line));
    expect(differing).toHaveLength(2);
    expect(differing[1]).toContain(etag);
    expect(printed).toContain('Nothing has changed: 17 verdicts and answers are the same.');
  });
});

test('the blocks are those that are rehearsed', () => {
  expect(blocksOf(path).map(({ language }) => language)).toEqual(['sh', 'sh', 'sh', 'sh', 'sh', 'sh']);
});

test('the numbers of requests are those of a run off this machine, which the page bounds', async () => {
  const id = '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04';
  const row = (name: string): string[] => new RegExp(`^\\| \\d ${name} +\\| (\\d+) +\\| (\\d+) +\\| (\\d+)`, 'm').exec(page)!.slice(1);
  for (const mode of ['read', 'write']) {
    const line = `conformance --base-url https://api.partnercenter.microsoft.com --customer ${id} --mode ${mode} --allow-writes-to ${id} --partner-tenant none --dry-run`;
    const { out } = await cli(line, { PARTNER_CENTER_TOKEN: 'token' });
    const counts = ['GET', 'PUT', 'PATCH'].map((method) => String(out.match(new RegExp(`^${method} `, 'gm'))?.length ?? 0));
    expect(row(mode)).toEqual(counts);
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBeLessThan(400);
  }
});

test('the form has no room for personal data: choices, a fingerprint and ids', () => {
  interface Field {
    type: string;
    id?: string;
    attributes: { label?: string; options?: unknown[]; render?: string };
  }
  const { body, name } = parse(readSource('.github/ISSUE_TEMPLATE/live-run.yml')) as { name: string; body: Field[] };
  expect(page).toContain(`_${name}_`);
  const free = body.filter(({ type }) => !['markdown', 'dropdown', 'checkboxes'].includes(type));
  expect(free.map(({ id, type, attributes }) => [id, type, attributes.render])).toEqual([
    ['fingerprint', 'textarea', 'json'],
    ['failed', 'textarea', 'text'],
  ]);
  const ids = body.flatMap(({ id }) => id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { type, attributes } of body) {
    if (type === 'dropdown') expect(attributes.options!.every((option) => typeof option === 'string')).toBe(true);
  }
});
