import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { runConformance } from '../../src/conformance/index.ts';
import { createMockService, type FaultName, faults } from '../../src/mock/index.ts';
import { serve } from '../../src/mock/node.ts';
import { cardOf } from '../../src/report/card.ts';
import { program } from '../support/cli.ts';
import { reportContext } from '../support/report-context.ts';

const execute = promisify(execFile);

/** Runs the suite on a mock with a fault over HTTP, then the curl of the first failure, and compares the answers. */
export async function expectCurlRepeats(name: FaultName): Promise<void> {
  const mock = createMockService({ faults: [name] });
  const { url, close } = await serve(mock, { port: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'pc-billing-curl-'));
  try {
    await writeFile(join(folder, 'pc-billing'), `#!/bin/sh\nexec "${process.execPath}" "${program()}" "$@"\n`);
    await chmod(join(folder, 'pc-billing'), 0o755);
    const [customerId, otherCustomerId] = mock.customers.ids() as [string, string];
    const target = { baseUrl: url, customerId, otherCustomerId, token: mock.token };
    const report = await runConformance(target, { only: faults[name].fails[0], sleep: () => Promise.resolve() });
    const result = report.results.find(({ id }) => id === faults[name].fails[0])!;
    expect(result.verdict).toBe('fail');
    const card = cardOf(result, report, reportContext(url, customerId));

    const { received } = card.exchanges.at(-1)!;
    const script = card.curl.join('\n');
    expect(script).toContain('curl ');
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, HOME: folder };
    // Whether two writers meet is up to the machine; that both were answered is not.
    const isRace = result.mode === 'race';
    const { stdout } = await execute('bash', ['-euc', script], { cwd: folder, env });
    // One answer after the other; the last one is what the card shows.
    const answers = stdout.split(/^(?=HTTP\/1\.1 )/m).filter((text) => text.startsWith('HTTP/1.1 '));
    if (isRace) {
      expect(answers.map((text) => text.split(' ')[1])).toEqual([
        expect.stringMatching(/^(200|400)$/),
        expect.stringMatching(/^(200|400)$/),
      ]);
      return;
    }
    const status = /^HTTP\/1\.1 (\d+)/.exec(answers.at(-1)!)![1];
    expect(`${status}, after:\n${script}`).toBe(`${received[0]!.text}, after:\n${script}`);
    const marked = received.find((line) => line.marked)?.text.trim() ?? '';
    const member = /^("[\w.]+"):/.exec(marked)?.[1];
    if (member !== undefined) expect(answers.at(-1)).toContain(member);
    // Of what was refused, or of nothing, more than the status can be said.
    const code = received.find(({ text }) => /"code":/.test(text));
    if (code !== undefined) expect(answers.at(-1)!.replaceAll(/\s/g, '')).toContain(code.text.replaceAll(/[\s,]/g, ''));
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}
