import * as fc from 'fast-check';
import { expect } from 'vitest';
import { requirements, runConformance } from '../../src/conformance/index.ts';
import { behaviourQuestions, type ServiceBehaviour } from '../../src/contract/behaviour.ts';
import { createMockService } from '../../src/mock/index.ts';
import { targetOf } from '../support/target.ts';

export const questions = Object.keys(behaviourQuestions) as (keyof ServiceBehaviour)[];

/** The answers that the tests give to a question. */
export const answersTo = (question: keyof ServiceBehaviour): readonly unknown[] => {
  const answers = behaviourQuestions[question];
  return answers === 'refusal' ? [{ status: 412 }, { status: 400, code: 2055 }, { status: 409, code: 7 }] : answers;
};

/** Services that answer every question somehow, the same ones for the same seed. */
export const anyBehaviours = (count: number, seed: number): ServiceBehaviour[] =>
  fc.sample(fc.record(Object.fromEntries(questions.map((question) => [question, fc.constantFrom(...answersTo(question))]))), {
    numRuns: count,
    seed,
  }) as unknown as ServiceBehaviour[];

// Those that settle a question, and what they stand on; the others would only take their time.
const observing = requirements.filter(({ id }) =>
  /^(read|etag|behaviour|error|customer)\.|^write\.(takes|keeps-identity|stores-(what|last))/.test(id),
);

/** What the suite sees of a mock that behaves like this. */
export const observe = async (behaviour: Partial<ServiceBehaviour>): Promise<Partial<ServiceBehaviour>> =>
  (await runConformance(targetOf(createMockService({ behaviour })), { requirements: observing, sleep: () => Promise.resolve() })).behaviour;

/** The suite sees a service as it is. */
export async function expectSeen(behaviour: ServiceBehaviour): Promise<void> {
  // How a missing ETag is refused cannot be seen where it is not.
  const { missingPrecondition, ...others } = behaviour;
  expect(await observe(behaviour)).toEqual(behaviour.precondition === 'optional' ? others : { ...others, missingPrecondition });
}
