import { relative } from 'node:path';

/** What is read of a report that vitest writes as JSON. */
export interface TestReport {
  testResults: { name: string; status: string; assertionResults: { status: string; failureMessages: string[] }[] }[];
}

// More files than these fail for one reason, and a list of them is a wall.
const filesShown = 8;

/** The errors of the compiler as one sentence for each file. Output of another kind is returned as it is. */
export function foldTypes(output: string): string {
  const files = new Map<string, { count: number; first: string }>();
  for (const line of output.split('\n')) {
    const [, file, at, message] = /^(\S[^(]*)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? [];
    if (file === undefined) continue;
    const known = files.get(file);
    // The compiler repeats whole types after the part that says what is wrong.
    if (known === undefined)
      files.set(file, { count: 1, first: `line ${at}, ${message!.split(/ (?:but required )?in type /)[0]!.slice(0, 120)}` });
    else known.count += 1;
  }
  if (files.size === 0) return output;
  const lines = [...files].map(([file, { count, first }]) => `${file}: ${count} ${count === 1 ? 'type error' : 'type errors'}; ${first}`);
  return [...shortened(lines), 'See them with `npm run typecheck`.'].join('\n');
}

/** The failed tests as one sentence for each file. What vitest printed without writing a report is returned as it is. */
export function foldTests(report: TestReport | string, root: string): string {
  if (typeof report === 'string') return report;
  const failed = report.testResults.filter(({ status }) => status === 'failed');
  const files = failed.map(({ name, assertionResults }) => {
    const file = relative(root, name).replaceAll('\\', '/');
    const messages = assertionResults.filter(({ status }) => status === 'failed').map(({ failureMessages }) => failureMessages.join('\n'));
    const isGolden = messages.length > 0 && messages.every((message) => /Snapshot .* mismatched/.test(message));
    return { file, count: messages.length, isGolden };
  });
  const golden = files.filter(({ isGolden }) => isGolden).map(({ file }) => file);
  const others = files
    .filter(({ isGolden }) => !isGolden)
    .map(({ file, count }) => `${file}: ${count === 0 ? 'it does not load' : `${count} ${count === 1 ? 'test fails' : 'tests fail'}`}.`);
  return [
    ...golden.map((file) => `${file}: A golden file is not what the code gives. Run \`npx vitest run ${file} -u\`, and read the diff.`),
    ...shortened(others),
    ...(others.length > 0 ? ['See them with `npx vitest run FILE`.'] : []),
  ].join('\n');
}

const shortened = (lines: string[]): string[] =>
  lines.length <= filesShown ? lines : [...lines.slice(0, filesShown), `… and ${lines.length - filesShown} more files.`];
