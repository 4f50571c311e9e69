import { expect, test } from 'vitest';
import { readBehaviour } from '../src/cli/files/json-files.ts';
import { requirements } from '../src/conformance/index.ts';
import { behaviourPresets, createMockService } from '../src/mock/index.ts';
import { problemsWith } from './support/report-schema.ts';
import { filesBelow, readSource } from './support/source.ts';

const files = filesBelow('fingerprints', '.json');

test.each(files)('%s fits its schema, is named after its day, and the mock takes it', async (file) => {
  const fingerprint = JSON.parse(readSource(file)) as { takenOn: string; notKept: string[]; behaviour: object };
  expect(problemsWith('fingerprint', fingerprint)).toEqual([]);
  expect(file).toContain(`-${fingerprint.takenOn}.json`);
  expect(readSource('fingerprints/README.md')).toContain(file.split('/')[1]);
  const ids = requirements.map(({ id }) => id);
  expect(fingerprint.notKept.filter((id) => !ids.includes(id))).toEqual([]);
  const behaviour = await readBehaviour(new URL(`../${file}`, import.meta.url).pathname);
  expect(behaviour).toEqual(fingerprint.behaviour);
  expect(() => createMockService({ behaviour })).not.toThrow();
});

test('there are some, those of the presets are whole, and the schema finds what is wrong', () => {
  expect(files.length).toBeGreaterThanOrEqual(3);
  const [first] = files.filter((file) => file.includes('mock-observed'));
  const fingerprint = JSON.parse(readSource(first!)) as { behaviour: Record<string, unknown> };
  expect(Object.keys(fingerprint.behaviour)).toEqual(Object.keys(behaviourPresets.observed));
  expect(problemsWith('fingerprint', { ...fingerprint, behaviour: { stale: 412 } })).not.toEqual([]);
  expect(problemsWith('fingerprint', { ...fingerprint, takenOn: 'yesterday' })).not.toEqual([]);
  expect(problemsWith('fingerprint', { ...fingerprint, customerId: 'x' })).not.toEqual([]);
});

test('the schemas know the questions of a behaviour and their answers', async () => {
  const { behaviourQuestions } = await import('../src/contract/behaviour.ts');
  for (const schema of ['report', 'fingerprint']) {
    const { $defs } = JSON.parse(readSource(`schemas/${schema}.schema.json`)) as {
      $defs: { behaviour: { properties: Record<string, { enum?: unknown[] }> } };
    };
    const known = Object.entries($defs.behaviour.properties).map(([question, { enum: answers = 'refusal' }]) => [question, answers]);
    expect(Object.fromEntries(known)).toEqual(behaviourQuestions);
  }
});
