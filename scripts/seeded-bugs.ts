import type { FaultName } from '../src/mock/index.ts';

/** A bug that was seeded into a small server to see which tools notice, and the fault of the mock that is the same bug here. */
export interface SeededBug {
  bug: string;
  /** What noticed it, as measured on that server with default settings, 2026-11. */
  foundBy: readonly ('Dredd' | 'Respect' | 'Specmatic' | 'Specmatic, generative')[];
  /** Absent when it is no bug by this contract. */
  fault?: FaultName;
  /** Why there is no fault. */
  because?: string;
}

const generative = 'Specmatic, generative';

export const seededBugs: readonly SeededBug[] = [
  { bug: 'no ETag', foundBy: ['Dredd', 'Specmatic', generative], fault: 'drops-etag' },
  { bug: 'responds in PascalCase', foundBy: ['Dredd', 'Respect', 'Specmatic', generative], fault: 'answers-pascal-case' },
  { bug: 'a required member is missing', foundBy: ['Dredd', 'Respect', 'Specmatic', generative], fault: 'drops-company-name' },
  { bug: 'a member of the wrong type', foundBy: ['Respect', 'Specmatic', generative], fault: 'answers-number-as-postal-code' },
  { bug: 'the wrong Content-Type', foundBy: ['Dredd', 'Respect', 'Specmatic', generative], fault: 'answers-text-media-type' },
  { bug: 'an error body that is text', foundBy: [generative], fault: 'answers-errors-as-text' },
  { bug: 'accepts a bad body', foundBy: [generative], fault: 'accepts-wrong-types' },
  { bug: 'accepts a PUT without an ETag', foundBy: [generative], fault: 'accepts-missing-etag' },
  { bug: 'accepts a request without MS-RequestId', foundBy: [generative], because: 'not a bug here: the service makes one' },
  { bug: 'accepts a stale ETag: a lost update', foundBy: [], fault: 'accepts-stale-etag' },
  { bug: 'responds with 500 instead of 412', foundBy: [], fault: 'answers-500-to-stale-etag' },
  { bug: 'does not repeat the two ids', foundBy: [], fault: 'makes-new-ids-on-success' },
  { bug: 'responds with 200 to a PUT and stores nothing', foundBy: [], fault: 'answers-without-storing' },
  { bug: 'lets two writers at the same time both win', foundBy: [], fault: 'lets-racing-writers-win' },
];
