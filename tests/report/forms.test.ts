import { marked, type Token } from 'marked';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { exitCodeOf, type Report, runConformance } from '../../src/conformance/index.ts';
import { createMockService } from '../../src/mock/index.ts';
import { formatHtml } from '../../src/report/html.ts';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { canaries, canaryCustomers, canaryPerson, canaryToken } from '../support/canary.ts';
import { everyForm } from '../support/forms.ts';
import { jsonResponse } from '../support/observed-fetch.ts';
import { reportContext } from '../support/report-context.ts';
import { problemsWith } from '../support/report-schema.ts';
import { type Sample, sampleOf, sampleRun, samples } from '../support/sample-reports.ts';
import { readSource } from '../support/source.ts';
import { targetOf } from '../support/target.ts';

const sleep = (): Promise<void> => Promise.resolve();
const kinds = Object.keys(samples) as (keyof typeof samples)[];

/** A server whose every text tries to be something else: markup, a link, a mention, a command, the end of what it stands in. */
const evil = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '</pre></details><h1>all green</h1>',
  '`code` ``` fence ~~~ | cell | **bold** [link](https://evil.example) ![i](https://evil.example/i.png) https://evil.example @octocat #1',
  ']]> <!-- &lt; &#0; "quoted" \' %0A::error::x',
  '\u001b[2J\u001b[31m\u0007\u0000\u0008\u009b1A\u202egnp.exe\u2066\ud800\ufffe',
  "'; rm -rf / #$(id)`id`",
].join(' ');

async function hostile(): Promise<Sample> {
  const mock = createMockService();
  const fetch = async (request: Request): Promise<Response> => {
    const response = await mock.fetch(request);
    if (response.status !== 200) {
      return jsonResponse(
        { code: evil, description: evil, data: [evil], source: evil, [evil]: evil },
        { status: 418, headers: { 'WWW-Authenticate': 'x"><script>alert(3)</script>' } },
      );
    }
    const profile = (await response.json()) as { attributes: object };
    return jsonResponse(
      {
        ...profile,
        [evil]: null,
        CompanyName: 'x',
        links: { self: { uri: evil } },
        attributes: { ...profile.attributes, objectType: evil },
      },
      { headers: { 'Content-Type': 'text/html; x="</pre><script>"' } },
    );
  };
  const report = await runConformance({ ...targetOf(mock), fetch }, { sleep });
  return { report, context: reportContext(report.subject.baseUrl, report.subject.customerId, { exitCode: exitCodeOf(report) }) };
}

/** What a reader of Markdown takes for more than text: prose, links and tags. */
function markupIn(markdown: string): { prose: string[]; links: string[]; tags: string[] } {
  const [prose, links, tags] = [[] as string[], [] as string[], [] as string[]];
  const walk = (token: Token): void => {
    if (token.type === 'link' || token.type === 'image') links.push(token.raw);
    else if (token.type === 'html') tags.push(...token.raw.match(/<[^>]*>/g)!);
    else if (token.type === 'text' && !('tokens' in token)) prose.push(token.raw);
    if (token.type === 'table')
      for (const cell of [...token.header, ...token.rows.flat()] as { tokens: Token[] }[]) cell.tokens.forEach(walk);
    if (token.type === 'list') for (const item of token.items as { tokens: Token[] }[]) item.tokens.forEach(walk);
    else if ('tokens' in token) token.tokens?.forEach(walk);
  };
  marked.lexer(markdown).forEach(walk);
  return { prose, links, tags };
}

/** Each is made once; nothing changes it. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const madeHostile = once(hostile);
const everySample = [...kinds.map((kind) => [kind, once(samples[kind])] as const), ['hostile', madeHostile] as const];

describe.each(everySample)('a %s report', (_, make) => {
  test('fits the published schema as JSON', async () => {
    expect(problemsWith('report', (await make()).report)).toEqual([]);
  });

  test('is XML of the common JUnit schema, and red exactly when the exit code is', async () => {
    const { report, context } = await make();
    const { junit } = everyForm(report, context);
    const schema = { fileName: 'junit.xsd', contents: readSource('tests/fixtures/junit.xsd') };
    expect(await validateXML({ xml: [{ fileName: 'report.xml', contents: junit }], schema: [schema] })).toMatchObject({
      valid: true,
      errors: [],
    });
    const count = (element: string): number => junit.split(`<${element} `).length - 1;
    const attribute = (name: string): number => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(junit)![1]);
    expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual(
      ['tests', 'failures', 'errors', 'skipped'].map(attribute),
    );
    expect(attribute('failures') + attribute('errors') > 0).toBe(context.exitCode !== 0);
  });

  test('renders as Markdown in which nothing that came from elsewhere is markup', async () => {
    const { report, context } = await make();
    const { markdown } = everyForm(report, context);
    const { prose, links, tags } = markupIn(markdown);
    expect(links).toEqual([]);
    expect(tags.filter((tag) => !/^<\/?(details|summary|code)>$/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => tag === '<details>').length).toBe(tags.filter((tag) => tag === '</details>').length);
    expect(prose.filter((text) => /@\w|#\d/.test(text.replaceAll(/\\#|&#\d+;/g, '')))).toEqual([]);
    const rendered = await marked.parse(markdown);
    expect(rendered).toContain('<table>');
    for (const { id, verdict, blockedBy, level } of report.results) {
      if (verdict === 'fail' && blockedBy === undefined && level === 'must') expect(rendered).toContain(`<code>${id}</code>`);
    }
  });

  test('is one page that loads nothing and runs nothing', async () => {
    const { report, context } = await make();
    const { html } = everyForm(report, context);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(html).not.toMatch(/<(script|img|link|iframe|object|embed|base|form|a (?!class="skip" href="#main"))/i);
    expect(html).not.toMatch(/<[a-z][^<>]*\s(on\w+|src|style)\s*=/i);
    expect(html).not.toMatch(/url\(|@import/);
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, named] of html.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(named);
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
    const balanced = (tag: string): boolean => html.split(`<${tag}`).length === html.split(`</${tag}>`).length;
    for (const tag of ['details', 'section', 'article', 'table', 'pre', 'mark', 'dl', 'ol', 'ul']) expect(balanced(tag), tag).toBe(true);
  });

  test('has no character that a terminal or a reader would obey, in any form', async () => {
    const { report, context } = await make();
    for (const [form, text] of Object.entries(everyForm(report, context))) {
      expect(text, form).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe]/); // oxlint-disable-line no-control-regex
    }
  });
});

test('the hostile server is one indeed, and what it sent can be read', async () => {
  const { report, context } = await madeHostile();
  const forms = everyForm(report, context);
  expect(report.summary.fail).toBeGreaterThan(3);
  expect(forms.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(forms.terminal).toContain('<script>alert(1)</script>');
  expect(forms.junit).toContain('&lt;script&gt;alert(1)');
});

test('annotations are one command a line, whatever the server sent', async () => {
  const { report, context } = await madeHostile();
  const lines = everyForm(report, context).annotations.trimEnd().split('\n');
  expect(lines.length).toBe(report.results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'observe').length);
  for (const line of lines) expect(line).toMatch(/^::(error|warning) title=[a-z]+\.[a-z-]+( \(should\))?::[^\r\n]+$/);
  const failed = report.results.find(({ verdict }) => verdict === 'fail')!;
  const spoilt = { ...failed, id: 'a:b,c', reason: '100%\r\n::error::x' };
  const [line] = everyForm({ ...report, results: [spoilt] }, context).annotations.split('\n');
  expect(line).toContain('::error title=a%3Ab%2Cc::100%25%0D%0A::error::x%0ANext: ');
  const { report: green, context: fine } = await samples.green();
  expect(everyForm(green, fine).annotations).toBe('');
});

test('JUnit has the time of each check, and of the whole', async () => {
  const report = await sampleRun({}, /^read\./);
  const { junit } = everyForm(report, sampleOf(report).context);
  const times = [...junit.matchAll(/<testcase name="([^"]+)" [^>]*time="([^"]+)"/g)].map(([, id, time]) => [id, time]);
  expect(times).toEqual(report.results.map(({ id, durationMs }) => [id, (durationMs! / 1000).toFixed(3)]));
  expect(report.results.every(({ durationMs }) => durationMs! > 0)).toBe(true);
  expect(junit).toContain(` time="${(report.durationMs / 1000).toFixed(3)}"`);
});

test('the common JUnit schema finds what is wrong', async () => {
  const schema = [{ fileName: 'junit.xsd', contents: readSource('tests/fixtures/junit.xsd') }];
  const { report, context } = await samples.red();
  const broken = everyForm(report, context).junit.replace('timestamp="2026-11-23T08:30:00"', 'timestamp="2026-11-23T08:30:00Z"');
  expect((await validateXML({ xml: [{ fileName: 'report.xml', contents: broken }], schema })).valid).toBe(false);
});

test('the schema finds what is wrong', async () => {
  const { report } = await samples.red();
  const failed = report.results.findIndex(({ verdict }) => verdict === 'fail');
  const spoilt = (spoil: (report: any) => void): string[] => { // oxlint-disable-line no-explicit-any
    const copy = structuredClone(report);
    spoil(copy);
    return problemsWith('report', copy);
  }; // prettier-ignore
  expect(spoilt((copy) => (copy.results[failed].verdict = 'failed'))).not.toEqual([]);
  expect(spoilt((copy) => delete copy.results[failed].likelyCause)).not.toEqual([]);
  expect(spoilt((copy) => (copy.results[failed].likelyCause.component = 'nobody'))).not.toEqual([]);
  expect(spoilt((copy) => (copy.token = 'x'))).not.toEqual([]);
  expect(spoilt((copy) => (copy.subject.kind = 'client'))).not.toEqual([]);
  expect(spoilt((copy) => delete copy.behaviour)).not.toEqual([]);
  expect(spoilt((copy) => (copy.behaviour.stale = 'yes'))).not.toEqual([]);
  expect(spoilt((copy) => delete copy.summary.accepted)).not.toEqual([]);
});

describe('the card is the same in every form', () => {
  const told = ['terminal', 'junit', 'markdown', 'html'] as const;

  test.each(told)('%s tells all of it', async (form) => {
    const { report, context } = await samples.red();
    const written = everyForm(report, context)[form];
    const plain = written.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('\\', '').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'); // prettier-ignore
    const result = report.results.find(({ id }) => id === 'etag.refuses-stale-write')!;
    const wanted = [
      result.rule,
      result.level,
      ...result.sources,
      result.rationale!,
      result.reason!,
      result.difference!.expected,
      result.likelyCause!.why,
      result.remedy!,
      `PUT ${report.subject.baseUrl}/v1/customers/${report.subject.customerId}/profiles/billing`,
      'etag.refuses-older-write',
      '--pascal-case --merge',
      'curl -sS -i',
      'PARTNER_CENTER_TOKEN',
      `${result.exchanges!.at(-1)!.request.headers['ms-correlationid']}`,
      'pc-billing conformance explain etag.refuses-stale-write',
      'pc-billing conformance --base-url http://127.0.0.1:4010 --only etag.refuses-stale-write',
    ];
    for (const words of wanted) expect(plain.replaceAll(/\s+/g, ' ')).toContain(words.replaceAll(/\s+/g, ' '));
  });

  test('the one line that differs is marked', async () => {
    const { report, context } = await samples.known();
    const forms = everyForm(report, context);
    expect(forms.terminal).toMatch(/> {3,}"\w+": null,/);
    expect(forms.junit).toMatch(/&gt; {3,}&quot;\w+&quot;: null,/);
    expect(forms.markdown).toMatch(/> {3,}"\w+": null,/);
    expect(forms.html).toMatch(/<mark> *&quot;\w+&quot;: null,<\/mark>/);
  });
});

describe('canaries', () => {
  const target = () => {
    const mock = createMockService({ token: canaryToken, customers: canaryCustomers, faults: ['accepts-stale-etag'] });
    return {
      ...targetOf(mock),
      fetch: async (request: Request) => {
        const response = await mock.fetch(request);
        if (response.status < 400) return response;
        const description = `${canaryPerson} of ${canaryPerson}@example.com sent ${request.headers.get('Authorization')}`;
        return jsonResponse(
          { code: 1, description, data: [canaryPerson], [canaryPerson]: 1, profile: canaryCustomers[0]!.profile },
          { status: response.status },
        );
      },
    };
  };
  const formsOf = async (showBodies: boolean) => {
    const report = await runConformance(target(), { sleep, showBodies });
    return everyForm(report, reportContext(report.subject.baseUrl, report.subject.customerId));
  };

  test('neither the token nor a value of the customer is in any form', async () => {
    for (const [form, text] of Object.entries(await formsOf(false))) {
      for (const canary of canaries) expect(text, form).not.toContain(canary);
    }
  });

  test('with --show-bodies the values are, and the token is not', async () => {
    for (const [form, text] of Object.entries(await formsOf(true))) {
      if (!['diff', 'screen', 'annotations'].includes(form)) expect(text, form).toContain(canaryPerson);
      expect(text, form).not.toContain(canaryToken);
    }
  });
});

test('a job summary does not grow beyond what GitHub takes, and says what it leaves out', async () => {
  const { report, context } = await samples.red();
  const failed = report.results.find(({ verdict }) => verdict === 'fail')!;
  const many = Array.from({ length: 300 }, (_, index) => ({ ...failed, id: `etag.fails-${index}` }));
  const markdown = formatMarkdown({ ...report, results: many }, context);
  expect(markdown.length).toBeLessThan(1_000_000);
  expect(markdown).toMatch(/\d+ more parts do not fit here\. They are in the other reports\./);
});

test('a run of a should that is not kept is green, and says so in each form; strict, it is red', async () => {
  const report = await sampleRun({ faults: ['accepts-missing-etag'] }, /^(read\.answers-one|etag\.|write\.(takes-p|stores-w))/);
  const [lax, strict] = [sampleOf(report), sampleOf(report, true)];
  expect([lax.context.exitCode, strict.context.exitCode]).toEqual([0, 1]);
  expect(everyForm(report, lax.context).junit).toContain('<skipped message="should, does not count: The PUT without an ETag');
  expect(everyForm(report, strict.context).junit).toContain('<failure type="fail" message="The PUT without an ETag');
  expect(formatHtml(report, lax.context)).toContain('Did not pass, not counted');
  expect(formatHtml(report, strict.context)).toMatch(/<h2 id="failures">Failures/);
  const told = ['etag.refuses-missing-etag', 'should, does not count'];
  for (const form of ['screen', 'terminal', 'junit', 'markdown', 'html'] as const)
    for (const words of told) expect(everyForm(report, lax.context)[form], form).toContain(words);
  expect(everyForm(report, lax.context).annotations).toMatch(/^::warning title=etag\.refuses-missing-etag \(should\)::The PUT/);
  expect(everyForm(report, strict.context).annotations).toMatch(/^::error title=etag\.refuses-missing-etag::The PUT/);
});

test.each([
  ['changed-by-others', 1, ['accepts-missing-etag', 'accepts-stale-etag']],
  ['unverified', 2, []],
] as const)(
  'that the profile was not put back (%s) is in the headline of every form, and red in JUnit',
  async (state, exitCode, faults) => {
    const report: Report = {
      ...(await sampleRun({ faults: [...faults] }, /^(read\.answers-one|etag\.|write\.(takes-p|stores-w))/)),
      restoration: { state, reason: 'somebody else has written' },
    };
    const { context } = sampleOf(report);
    expect(context.exitCode).toBe(exitCode);
    const { terminal, junit, markdown, html } = everyForm(report, context);
    for (const form of [terminal, junit, markdown, html])
      expect(form).toContain('The profile was not put back: somebody else has written.');
    expect(junit).toMatch(/<(error|failure) /);
  },
);

test('a cause that was not selected is named, with the command that looks at it', async () => {
  const mock = createMockService({ faults: ['accepts-stale-etag'] });
  const report = await runConformance(targetOf(mock), { sleep, only: 'race.*' });
  const context = reportContext(report.subject.baseUrl, report.subject.customerId, { exitCode: exitCodeOf(report) });
  const { terminal, html, junit } = everyForm(report, context);
  expect(terminal).toContain('These could not be tested: etag.refuses-stale-write.');
  for (const form of [html, junit]) {
    expect(form).toContain('Repair etag.refuses-stale-write first.');
    expect(form).toContain('--only etag.refuses-stale-write');
  }
});

test('words that came from elsewhere are no markup in Markdown, wherever they stand', async () => {
  const { report, context } = await samples.red();
  const words = `${evil}\n\`\`\`\n<b>out</b>\n- [x](https://evil.example)`;
  const accepted = { reason: evil, owner: evil, expires: '2027-01-31', expired: false };
  const results = report.results.map((result, index) =>
    result.verdict !== 'fail'
      ? { ...result, ...(result.verdict === 'pass' ? { observed: evil } : {}) }
      : {
          ...result,
          reason: words,
          difference: { expected: words, actual: words },
          likelyCause: { component: 'suite' as const, why: evil },
          ...(index % 2 === 0 ? { accepted } : {}),
        },
  );
  const resolved = [{ requirement: 'read.answers-no-nulls', reason: evil, owner: evil, expires: '2027-01-31' }];
  const { prose, links, tags } = markupIn(
    everyForm({ ...report, results, resolved }, { ...context, title: evil, facts: [[evil, evil]] }).markdown,
  );
  expect(links).toEqual([]);
  expect(tags.filter((tag) => !/^<\/?(details|summary|code)>$/.test(tag))).toEqual([]);
  expect(prose.filter((text) => /[<>]|@\w|https?:\/\//.test(text))).toEqual([]);
});
