import { expect, test } from 'vitest';
import { githubWords } from '../../src/cli/print/github.ts';
import { cli } from '../support/cli.ts';
import { samples } from '../support/sample-reports.ts';

test('GitHub Actions takes no command from the report, and takes ours after it', async () => {
  const { report, context } = await samples.red();
  const { begin, end } = githubWords({ env: { GITHUB_ACTIONS: 'true' } }, () => 'id');
  expect(begin).toBe('::stop-commands::id\n');
  const [resume, ...commands] = end(report, context).trimEnd().split('\n');
  expect(resume).toBe('::id::');
  expect(commands.map((line) => /^::(\w+) title=(.+?)::/.exec(line)!.slice(1))).toEqual([
    ['error', 'etag.refuses-stale-write'],
    ['error', 'trace.echoes-ids-on-refusal'],
    ['warning', 'etag.refuses-missing-etag (should)'],
  ]);
  expect(commands[0]).toContain('%0ABlocks 4 other requirements.%0ARe-run: pc-billing conformance --base-url http://127.0.0.1:4010');
});

test('elsewhere there is none of it', async () => {
  const { report, context } = await samples.red();
  for (const env of [{}, { GITHUB_ACTIONS: 'false' }, { GITHUB_ACTIONS: '' }]) {
    const { begin, end } = githubWords({ env });
    expect(begin + end(report, context)).toBe('');
  }
});

test('a run in a job begins and ends with it, and the report stands between', async () => {
  const { out } = await cli('conformance --only auth', { GITHUB_ACTIONS: 'true' });
  expect(out).toMatch(/^::stop-commands::([0-9a-f-]{36})\nTarget [\s\S]*requests\.\n::\1::\n$/);
  expect((await cli('score -- false', { GITHUB_ACTIONS: 'true' })).out).toMatch(
    /\n::stop-commands::([0-9a-f-]{36})\n[\s\S]*\n::\1::\n::error title=client\./,
  );
});
