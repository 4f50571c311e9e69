import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/cli/program.ts';
import type { AnyFaultName } from '../src/mock/faults/plan.ts';
import { createMockService } from '../src/mock/index.ts';
import { serve } from '../src/mock/node.ts';

const root = new URL('../', import.meta.url);
const url = 'http://127.0.0.1:4010';

/** Pages that show what a command prints. */
export const pagesWithOutput = ['README.md', 'docs/client.md', 'docs/mock.md', 'docs/conformance.md', 'docs/score.md'];

// The mark stands in the page, above the block that it fills; the commands of its block are typed by the author.
const mark = /(<!-- output of `pc-billing ([^`]*)`(?: on a mock with the fault ([\w-]+))?(?:, (\d+) \+ (\d+) rows)?, by `npm run generate` -->\n)(?:\n```text\n[\s\S]*?\n```\n)?/g; // prettier-ignore

// A page has no room for longer lines.
const columns = 140;

/**
 * A page whose blocks of output are what the commands print now, run in this process on mocks of their own.
 *
 * Shape: each block stands below a mark that names the command, the fault of the mock, and how many rows of its beginning and end are shown.
 * Ids, ports and durations are the same in every run, so that a page changes only when an output does.
 */
export async function withOutputs(path: string): Promise<string> {
  const page = await readFile(new URL(path, root), 'utf8');
  let filled = '';
  let end = 0;
  for (const match of page.matchAll(mark)) {
    const [all, head, line, fault, first, last] = match as unknown as [string, string, string, AnyFaultName | undefined, string?, string?];
    const rows = (await outputOf(line, fault)).split('\n').flatMap(wrapped);
    filled += `${page.slice(end, match.index)}${head}\n\`\`\`text\n${shortened(rows, Number(first ?? Infinity), Number(last ?? 0))}\n\`\`\`\n`;
    end = match.index + all.length;
  }
  if (end === 0) throw new Error(`${path} has no mark of an output.`);
  return filled + page.slice(end);
}

/** What a command line prints on a pipe. */
async function outputOf(line: string, fault: AnyFaultName | undefined): Promise<string> {
  const { randomUUID } = crypto;
  let count = 0;
  crypto.randomUUID = () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-pages-'));
  const served = await serve(createMockService(fault === undefined ? {} : { faults: [fault] }), { port: 0 });
  let out = '';
  try {
    const words = wordsOf(line.replace('--port 4010', '--port 0').replace(url, served.url));
    const write = (text: string): void => void (out += text);
    await run(words, {
      out: write,
      err: write,
      // As a reader calls it: through npx.
      env: { PATH: process.env.PATH, PC_BILLING_STATE_DIR: folder, npm_command: 'exec' },
      color: false,
      // A mock is stopped as soon as it is up.
      stopSignal: () => (words[0] === 'mock' ? AbortSignal.abort() : new AbortController().signal),
    });
  } finally {
    crypto.randomUUID = randomUUID;
    await served.close();
    await rm(folder, { recursive: true });
  }
  return out
    .trimEnd()
    .replaceAll(/http:\/\/(127\.0\.0\.1|localhost):\d+/g, url)
    .replaceAll(/\bin \d+\.\d s\b/g, 'in 0.1 s');
}

/** The words that a shell makes of a line. */
const wordsOf = (line: string): string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

function shortened(rows: readonly string[], first: number, last: number): string {
  if (rows.length <= first + last + 1) return rows.join('\n');
  return [...rows.slice(0, first), `… ${rows.length - first - last} more lines`, ...rows.slice(rows.length - last)].join('\n');
}

/** A line as rows of a page; what does not fit goes on below, a little to the right. */
function wrapped(line: string): string[] {
  if (line.length <= columns) return [line];
  const indent = ' '.repeat(line.search(/\S/) + 2);
  const at = line.lastIndexOf(' ', columns);
  return at <= indent.length ? [line] : [line.slice(0, at), ...wrapped(indent + line.slice(at + 1))];
}
