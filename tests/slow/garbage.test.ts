import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/conformance/index.ts';
import { garbage, runAfterHonestAnswers } from '../support/garbage.ts';

describe.each([1, 2, 3, 4, 6])('after %d honest answers to every check', (honestAnswers) => {
  test.each(garbage.slice(0, -1))('%s breaks nothing', async (_, answer) => {
    const report = await runAfterHonestAnswers(honestAnswers, answer);
    expect(report.results.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
    expect(exitCodeOf(report)).toBe(1);
  });
});
