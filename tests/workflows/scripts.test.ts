import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pc-billing-workflows-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Runs a script of the workflows in a folder, with nothing of this environment but the path. */
function script(
  name: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), join(root, `scripts/workflows/${name}.ts`), ...args],
    {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH!,
        HOME: folder,
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_OUTPUT: join(folder, 'output'),
        ...env,
      },
    },
  );
  return { code: status, out: stdout, err: stderr };
}

describe('regenerated', () => {
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd, encoding: 'utf8' });
  let clone: string;
  beforeEach(() => {
    clone = join(folder, 'clone');
    git(folder, 'init', '--quiet', '--bare', '--initial-branch=topic', 'origin.git');
    git(folder, 'init', '--quiet', '--initial-branch=topic', 'clone');
    git(clone, 'remote', 'add', 'origin', join(folder, 'origin.git'));
    mkdirSync(join(clone, 'generated'));
    writeFileSync(join(clone, 'generated/openapi.json'), '{}\n');
    git(clone, 'add', '.');
    git(clone, 'commit', '--quiet', '-m', 'first');
    git(clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic');
  });

  test('with nothing to do it says so', () => {
    expect(script('regenerated', [], clone, { PUSH_TO_BRANCH: 'topic' })).toMatchObject({
      code: 0,
      out: 'What is generated is up to date.\n',
    });
  });

  test('pushes what changed to the branch of the pull request, and what is new', () => {
    writeFileSync(join(clone, 'generated/openapi.json'), '{"a":1}\n');
    writeFileSync(join(clone, 'generated/new file.ts'), 'x\n');
    expect(script('regenerated', [], clone, { PUSH_TO_BRANCH: 'topic', GITHUB_TOKEN: 'canary-token' })).toMatchObject({ code: 0 });
    expect(git(join(folder, 'origin.git'), 'log', '-1', '--format=%s', '--name-only', 'topic').trim().split('\n')).toEqual([
      'generated: follow the contract',
      '',
      'generated/new file.ts',
      'generated/openapi.json',
    ]);
    expect(read('summary.md')).toContain('Pushed what the contract gives:\n\n- `generated/openapi.json`');
    expect(read('clone/.git/config')).not.toContain('canary-token');
  });

  test('for a fork it pushes nothing, names the files, and says what to run', () => {
    writeFileSync(join(clone, 'generated/openapi.json'), '{"a":1}\n');
    const { code, out } = script('regenerated', [], clone);
    expect(code).toBe(1);
    expect(out).toContain('- `generated/openapi.json`\n\nRun `npm run generate`, commit the result and push it.');
    expect(out).toMatch(/^::error::Generated files are out of date\./m);
    expect(git(join(folder, 'origin.git'), 'rev-list', '--count', 'topic').trim()).toBe('1');
  });

  test('a branch that cannot be pushed to is exit 2, with what to do', () => {
    writeFileSync(join(clone, 'generated/openapi.json'), '{"a":1}\n');
    rmSync(join(folder, 'origin.git'), { recursive: true });
    const { code, err } = script('regenerated', [], clone, { PUSH_TO_BRANCH: 'topic' });
    expect(code).toBe(2);
    expect(err).toContain('Run `npm run generate`, commit the result and push it.');
  });
});

describe('drift-issue', () => {
  const title = 'The service no longer behaves as its fingerprint says';
  /** A `gh` that knows these issues, and notes how it is called. */
  function gh(issues: { number: number; title: string }[]): Record<string, string> {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(folder, 'drift.md'), 'The body.\n');
    writeFileSync(
      join(bin, 'gh'),
      `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const body = args.includes('-') ? fs.readFileSync(0, 'utf8') : '';
fs.appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify([...args, body]) + '\\n');
if (args[1] === 'list') console.log(${JSON.stringify(JSON.stringify(issues))});
`,
    );
    chmodSync(join(bin, 'gh'), 0o755);
    return { PATH: `${bin}${delimiter}${process.env.PATH}` };
  }
  const calls = (): string[][] =>
    read('calls')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[])
      .filter(([, verb]) => verb !== 'list');
  const similar = { number: 7, title: `${title}, again` };

  test.each<[string, string, boolean, string[][]]>([
    [
      'a difference without an issue opens one',
      'different',
      false,
      [['issue', 'create', '--title', title, '--body-file', '-', 'The body.\n']],
    ],
    ['a difference with an issue brings it up to date', 'different', true, [['issue', 'edit', '8', '--body-file', '-', 'The body.\n']]],
    [
      'no difference closes it',
      'same',
      true,
      [['issue', 'close', '8', '--comment', 'The service behaves as its fingerprint says again.', '']],
    ],
    ['no difference without an issue does nothing', 'same', false, []],
    ['a run that compared nothing opens none', 'unknown', false, []],
  ])('%s', (_, state, isOpen, expected) => {
    const env = gh(isOpen ? [similar, { number: 8, title }] : [similar]);
    expect(script('drift-issue', [state, 'drift.md'], folder, env)).toMatchObject({ code: 0, err: '' });
    expect(calls()).toEqual(expected);
  });

  test('a state that is none is exit 2', () => {
    expect(script('drift-issue', ['broken', 'drift.md'], folder).code).toBe(2);
    expect(existsSync(join(folder, 'calls'))).toBe(false);
  });
});
