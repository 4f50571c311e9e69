import { expect, test } from 'vitest';
import { requirements } from '../../src/conformance/index.ts';
import { behaviourQuestions } from '../../src/contract/behaviour.ts';
import { faults, transportFaults } from '../../src/mock/index.ts';
import { clientRequirements } from '../../src/score/requirements/index.ts';
import { scenarios } from '../../src/score/scenarios.ts';
import { readSource } from '../support/source.ts';

const count = (all: object): number => Object.keys(all).length;
const observed = requirements.filter(({ level }) => level === 'observe').length;
const judged = requirements.length - observed;
const [broken, transport, questions] = [count(faults), count(transportFaults), count(behaviourQuestions)];

/** Numbers that pages written by hand give, with the words around them. */
const facts: Record<string, readonly string[]> = {
  'README.md': [
    `all ${requirements.length} requirements`,
    `[${broken + transport} faults]`,
    `[${judged} requirements]`,
    `observes ${observed} open questions`,
    `[${count(scenarios)} scenarios]`,
  ],
  'CHANGELOG.md': [
    `Two presets and ${questions} settings`,
    `${broken} faults that break a requirement, ${transport} faults of the network or a gateway`,
    `${judged} requirements, each proved by a fault of the mock, and ${observed} open questions`,
    `${clientRequirements.length} requirements in ${count(scenarios)} scenarios`,
  ],
  'docs/mock.md': [`[${questions} questions]`],
  'docs/conformance.md': [`${judged} requirements and ${observed} open questions`],
  'docs/score.md': [`[${count(scenarios)} scenarios]`, `${clientRequirements.length} requirements`],
};

test.each(Object.entries(facts))('the numbers of %s are those of the code', (page, phrases) => {
  const text = readSource(page).replaceAll(/\s+/g, ' ');
  for (const phrase of phrases) expect(text).toContain(phrase);
});
