/**
 * Says which files `npm run generate` has changed in a clone, and pushes them when it may.
 *
 * Environment: PUSH_TO_BRANCH, the branch of `origin` that gets a commit; without it nothing is pushed, and changed files are an error.
 * GITHUB_TOKEN, the token to push with. GITHUB_STEP_SUMMARY, the file of the job summary.
 * Exit code 0: nothing had changed, or it is pushed; 1: files are out of date; 2: git refused.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const { PUSH_TO_BRANCH: branch = '', GITHUB_STEP_SUMMARY: summary } = process.env;

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

function say(text: string): void {
  console.log(text);
  if (summary !== undefined && summary !== '') appendFileSync(summary, `${text}\n`);
}

/** Files that differ from the commit, those that are new included. */
const changedFiles = (): string[] =>
  git('status', '--porcelain', '-z', '--no-renames')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));

function push(files: string[]): void {
  git('add', '--all', '--', ...files);
  git(
    '-c',
    'user.name=github-actions[bot]',
    '-c',
    'user.email=41898282+github-actions[bot]@users.noreply.github.com',
    'commit',
    '--quiet',
    '--message',
    'generated: follow the contract\n\nBy the workflow `regenerate`: `npm run generate`.',
  );
  // Git runs the helper, which reads the token from the environment: it stands in no argument and in no file.
  const helper = '!f() { echo username=x-access-token; echo "password=$GITHUB_TOKEN"; }; f';
  git('-c', `credential.helper=${helper}`, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
}

try {
  const files = changedFiles();
  const list = files.map((file) => `- \`${file}\``).join('\n');
  if (files.length === 0) {
    say('What is generated is up to date.');
  } else if (branch === '') {
    say(`These files are not what the contract gives:\n\n${list}\n\nRun \`npm run generate\`, commit the result and push it.`);
    console.log('::error::Generated files are out of date. Run `npm run generate`, commit the result and push it.');
    process.exitCode = 1;
  } else {
    push(files);
    say(
      `Pushed what the contract gives:\n\n${list}\n\nRun \`git pull\` before you go on. A push of a workflow starts no other one: \`check\` runs with your next push.`,
    );
  }
} catch (error) {
  console.error(`Nothing was pushed: ${(error as Error).message}\nRun \`npm run generate\`, commit the result and push it.`);
  process.exitCode = 2;
}
