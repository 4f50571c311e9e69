/**
 * Keeps one issue of the repository up to date with what scripts/workflows/drift.ts found: opens it, edits it, closes it.
 *
 *   tsx scripts/workflows/drift-issue.ts same|different|unknown FILE
 *
 * It calls `gh`, which reads GH_TOKEN and GH_REPO.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const title = 'The service no longer behaves as its fingerprint says';
const [state, file] = process.argv.slice(2);

const gh = (args: string[], input = ''): string =>
  execFileSync('gh', args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'inherit'] }).trim();

/** The number of the open issue. Found by its exact title, because a search of GitHub finds similar ones too. */
function openIssue(): string | undefined {
  const issues = JSON.parse(gh(['issue', 'list', '--state', 'open', '--limit', '1000', '--json', 'number,title'])) as {
    number: number;
    title: string;
  }[];
  return issues.find((issue) => issue.title === title)?.number.toString();
}

if ((state !== 'same' && state !== 'different' && state !== 'unknown') || file === undefined) {
  console.error('Say what was found, and where it stands: tsx scripts/workflows/drift-issue.ts same|different|unknown FILE');
  process.exitCode = 2;
} else {
  const issue = openIssue();
  const body = readFileSync(file, 'utf8');
  if (state === 'same') {
    if (issue !== undefined) gh(['issue', 'close', issue, '--comment', 'The service behaves as its fingerprint says again.']);
    console.log(issue === undefined ? 'There is nothing to tell.' : `Closed issue ${issue}.`);
  } else if (issue === undefined) {
    // A run that compared nothing is no finding about the service. The failed job tells of it.
    if (state === 'different') gh(['issue', 'create', '--title', title, '--body-file', '-'], body);
    console.log(state === 'different' ? 'Opened an issue.' : 'Nothing was compared; no issue is opened.');
  } else {
    gh(['issue', state === 'different' ? 'edit' : 'comment', issue, '--body-file', '-'], body);
    console.log(`Brought issue ${issue} up to date.`);
  }
}
