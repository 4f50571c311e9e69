import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatHtml } from '../../src/report/html.ts';
import { samples } from '../support/sample-reports.ts';

const execute = promisify(execFile);
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pc-billing-axe-'))));
afterAll(() => rm(folder, { recursive: true }));

/** What axe finds in a page, everything unfolded, as Chromium shows it. */
async function problemsIn(html: string, name: string, flags: readonly string[]): Promise<string[]> {
  const page = join(folder, `${name}.html`);
  // The page forbids every script, so that it is looked at without that one line.
  const open = html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '');
  expect(open).not.toBe(html);
  const script = `<script>${await readFile(axe, 'utf8')}</script><script>
    for (const one of document.querySelectorAll('details')) one.open = true;
    axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then((found) => { document.title = 'done'; document.body.innerText = JSON.stringify(found); });
  </script></body>`;
  await writeFile(
    page,
    open.replace('</body>', () => script),
  );
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=60000', ...flags, '--dump-dom', `file://${page}`];
  const { stdout } = await execute(chromium!, options, { maxBuffer: 64 * 1024 * 1024 });
  expect(stdout).toContain('<title>done</title>');
  const text = /<body[^>]*>([\s\S]*)<\/body>/.exec(stdout)![1]!.replaceAll('<br>', ' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&'); // prettier-ignore
  const { violations, passes } = JSON.parse(text) as AxeResults;
  expect(passes.length).toBeGreaterThan(10);
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html: node }) => node.slice(0, 120)).join(' | ')}`);
}

// CI has no Chromium; the name says aloud that nothing was looked at.
describe.skipIf(chromium === undefined)(`axe in Chromium (skipped where there is none: ${chromium ?? 'none here'})`, () => {
  const pages = (Object.keys(samples) as (keyof typeof samples)[]).map((kind): [string, () => Promise<string>] => [
    kind,
    async () => {
      const { report, context } = await samples[kind]();
      return formatHtml(report, context);
    },
  ]);
  const looks: [string, string[]][] = [
    ['light', ['--window-size=1280,1000']],
    ['dark', ['--window-size=1280,1000', '--force-dark-mode', '--blink-settings=preferredColorScheme=0']],
    ['narrow', ['--window-size=500,1000']],
  ];

  test.each(pages.flatMap(([name, html]) => looks.map(([look, flags]) => [name, look, html, flags] as const)))(
    '%s, %s: nothing is wrong',
    async (name, look, html, flags) => {
      expect(await problemsIn(await html(), `${name}-${look}`, flags)).toEqual([]);
    },
  );

  test('axe finds what is wrong', async () => {
    const { report, context } = await samples.red();
    const html = formatHtml(report, context).replace('lang="en"', '').replace('--soft: #57606a', '--soft: #c0c0c0');
    const found = (await problemsIn(html, 'wrong', [])).join('\n');
    expect(found).toContain('html-has-lang');
    expect(found).toContain('color-contrast');
  });
});
