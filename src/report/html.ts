import { html, type Markup, page } from '../html/page.ts';
import type { Report } from '../suite/result.ts';
import { type Card, acceptedWords, levelWords, nextSteps, type ReportContext, requestsBefore } from './card.ts';
import { kindOf, kinds, outcomeWords, type ReportModel, reportModel } from './model.ts';

/** A report as one HTML file that loads nothing and runs nothing. */
export function formatHtml(report: Report, context: ReportContext): string {
  const model = reportModel(report, context);
  const { outcome, headline, counts, failures, accepted, remarks } = model;
  const body = html`
    <a class="skip" href="#main">To the findings</a>
    <header class="${outcome}">
      <p class="outcome">${outcomeWords[outcome]}</p>
      <h1>${context.title}</h1>
      <p class="headline">${headline}</p>
      <ul class="counts" aria-label="Results by kind">
        ${counts.map(({ kind, name, count }) => html`<li class="${kind}${count === 0 && ' none'}"><b>${count}</b> ${name}</li>`)}
      </ul>
      ${definitions('facts', context.facts)}
    </header>
    <main id="main">
      ${cardSection('failures', 'Failures', failures, true)}
      ${resolvedSection(model)}
      ${cardSection('accepted', 'Accepted failures', accepted, false)}
      ${cardSection('remarks', 'Did not pass, not counted', remarks, false)}
      ${observedSection(model)}
      ${allSection(report, context)}
      ${section('legend', 'How to read this', definitions('legend', Object.values(kinds)))}
    </main>
    <footer>
      <p>Made by pc-billing ${report.suite.version}, run ${report.runId}. It shows no token, and values of the customer only if you asked for them.</p>
    </footer>`;
  return page({ title: `${outcomeWords[outcome]}: ${context.title}`, style, body });
}

const section = (id: string, title: string, content: Markup | readonly Markup[], count?: number): Markup => html`
  <section aria-labelledby="${id}">
    <h2 id="${id}">${title}${count !== undefined && html` <span class="number">${count}</span>`}</h2>
    ${content}
  </section>`;

function cardSection(id: string, title: string, cards: readonly Card[], isOpen: boolean): Markup | undefined {
  if (cards.length === 0) return undefined;
  return section(id, title, cards.map((card) => cardArticle(card, isOpen)), cards.length); // prettier-ignore
}

function cardArticle(card: Card, isOpen: boolean): Markup {
  const { id, verdict, rule } = card.result;
  const accepted = acceptedWords(card.result);
  const kind = verdict !== 'fail' ? verdict : isOpen ? 'failed' : 'uncounted';
  return html`
    <article class="card ${isOpen ? verdict : 'quiet'}" aria-labelledby="${id}">
      <h3 id="${id}"><code>${id}</code> <span class="verdict ${kind}">${verdict}</span> <span class="level">${levelWords(card)}</span></h3>
      <p class="rule">${rule}</p>
      ${accepted && html`<p class="entry"><b>Accepted</b> ${accepted}</p>`}
      ${isOpen ? cardBody(card) : folded('Details', cardBody(card))}
    </article>`;
}

function cardBody(card: Card): Markup {
  const { result, found, likelyCause, rerun } = card;
  const { sources, rationale, difference } = result;
  return html`
    <h4>Found</h4>
    <p>${found}</p>
    ${difference && differenceList(difference)}
    <div class="columns">
      <div><h4>Likely cause</h4><p><b>${capital(likelyCause.component)}.</b> ${likelyCause.why}</p></div>
      ${rationale && html`<div><h4>Why it matters</h4><p>${rationale}</p></div>`}
    </div>
    <h4>Next</h4>
    <ol>${nextSteps(card).map((step) => html`<li>${step}</li>`)}</ol>
    ${foldedParts(card)}
    ${rerun && html`<h4>Re-run</h4>${preformatted(rerun, 'Command')}`}
    <p class="sources">Source: ${sources.join('; ')}</p>`;
}

const differenceList = ({ expected, actual }: NonNullable<Card['result']['difference']>): Markup => html`
  <dl class="difference">
    <div class="expected"><dt>expected</dt><dd>${expected}</dd></div>
    <div class="actual"><dt>actual</dt><dd>${actual}</dd></div>
  </dl>`;

/** What only few readers need, each part folded. */
function foldedParts({ exchanges, before, blocks, curl }: Card): (Markup | undefined)[] {
  const shown = exchanges.map(({ sent, received }) => `${sent[0]!.split(' ')[0]}, ${received[0]!.text}`).join('; ');
  const note = html`
    <p class="note">${before > 0 && `This was sent ${requestsBefore(before)}. `}A value in angle brackets, such as &lt;string, 12 characters&gt;, stands for one that is not shown.</p>`;
  const ids = html`<ul class="ids">${blocks.map((id) => html`<li><code>${id}</code></li>`)}</ul>`;
  return [
    exchanges.length > 0 ? folded(`Request and response: ${shown}`, [note, ...exchanges.map(exchangeBlock)]) : undefined,
    blocks.length > 0 ? folded(`Blocks ${blocks.length} other requirement${blocks.length === 1 ? '' : 's'}`, ids) : undefined,
    curl.length > 0 ? folded('Send it again with curl', preformatted(curl.join('\n'), 'Shell script')) : undefined,
  ];
}

function exchangeBlock({ sent, received }: Card['exchanges'][number]): Markup {
  const lines = received.map(({ text, marked }, index) => html`${index > 0 && '\n'}${marked ? html`<mark>${text}</mark>` : text}`);
  return html`
    <div class="exchange">
      <div><h4>Sent</h4>${preformatted(sent.join('\n'), 'Request')}</div>
      <div><h4>Received</h4>${preformatted(lines, 'Response')}</div>
    </div>`;
}

function resolvedSection({ resolved }: ReportModel): Markup | undefined {
  if (resolved.length === 0) return undefined;
  const rows = resolved.map(({ requirement, owner, reason, expires }) => [html`<code>${requirement}</code>`, owner, reason, expires]);
  const content = html`
    <p>These requirements pass, but the file of accepted failures lists them. Remove their entries; until then the run fails.</p>
    ${table('Entries to remove', ['requirement', 'owner', 'reason', 'expires'], rows)}`;
  return section('resolved', 'Resolved failures: remove these entries', content, resolved.length);
}

function observedSection({ observed }: ReportModel): Markup | undefined {
  if (observed.length === 0) return undefined;
  const rows = observed.map(({ id, question, answer }) => [question, answer, html`<code>${id}</code>`]);
  const caption = 'Answers to questions that the documents leave open. They are not judged.';
  const all = table(caption, ['open question', 'observed', 'by'], rows);
  return section('observed', 'Observed, not judged', folded(`Answers to open questions: ${observed.length}`, all));
}

function allSection(report: Report, context: ReportContext): Markup {
  const { results } = report;
  const rows = results.map((result) => {
    const { id, verdict, level, rule, reason, blockedBy } = result;
    const note = verdict === 'skipped' || blockedBy !== undefined ? html` <span class="note">${reason}</span>` : undefined;
    return [html`<code>${id}</code>`, html`<span class="verdict ${kindOf(result, report, context)}">${verdict}</span>${note}`, level, rule];
  });
  const all = table('Verdict of every requirement', ['requirement', 'verdict', 'level', 'rule'], rows);
  return section('all', 'Every requirement', folded(`All ${results.length}, with their verdicts`, all));
}

const table = (caption: string, head: readonly string[], rows: readonly (readonly (Markup | string)[])[]): Markup => html`
  <div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>${caption}</caption>
      <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${rows.map(([first, ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;

const definitions = (name: string, entries: readonly (readonly [term: string, meaning: string])[]): Markup => html`
  <dl class="${name}">
    ${entries.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}
  </dl>`;

const folded = (title: string, content: Markup | readonly Markup[]): Markup => html`
  <details><summary>${title}</summary>${content}</details>`;

const preformatted = (content: string | readonly Markup[], label: string): Markup =>
  html`<pre tabindex="0" role="group" aria-label="${label}">${content}</pre>`;

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const style = `
header { padding-block: 2rem 1.25rem; border-top: .5rem solid var(--edge); }
header.passed { --edge: var(--good); }
header.failed { --edge: var(--bad); }
header.invalid { --edge: var(--odd); }
.outcome { margin: 0; font-weight: 700; color: var(--edge); font-size: 1.1rem; }
h1 { margin: .2rem 0 .5rem; font-size: 1.6rem; }
.headline { font-size: 1.1rem; max-width: 60rem; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.counts li { padding: .25rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--panel); }
.counts .none { color: var(--soft); }
.counts .failed:not(.none) b, .counts .untestable:not(.none) b { color: var(--bad); }
.counts .passed b { color: var(--good); }
.counts .broken:not(.none) b, .counts .accepted:not(.none) b, .counts .uncounted:not(.none) b { color: var(--odd); }
.facts { display: grid; gap: .15rem; margin-block: 1rem 0; }
.facts div, .legend div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.number { color: var(--soft); font-weight: 400; }
.card { margin-block: 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: .35rem solid var(--bad); border-radius: .4rem; background: var(--panel); }
.card.untestable { border-left-color: var(--odd); }
.card.broken, .card.quiet { border-left-color: var(--odd); }
.card > h3 { margin: 0; }
.rule { margin: .35rem 0 .75rem; font-size: 1.05rem; }
.verdict { display: inline-block; padding: 0 .45rem; border: 1px solid currentColor; border-radius: .3rem; font-size: .8rem; font-weight: 600; }
.verdict.passed, .verdict.observed { color: var(--good); }
.verdict.failed { color: var(--bad); }
.verdict.uncounted, .verdict.accepted, .verdict.untestable, .verdict.broken { color: var(--odd); }
.verdict.skipped, .level, .note, .sources { color: var(--soft); }
.level { font-size: .85rem; font-weight: 400; }
.entry { padding: .4rem .7rem; border: 1px solid var(--odd); border-radius: .3rem; }
.difference { display: grid; gap: 0; margin: .5rem 0; border: 1px solid var(--line); border-radius: .3rem; overflow: hidden; font-family: var(--mono); font-size: .9rem; }
.difference div { display: grid; grid-template-columns: 7rem 1fr; gap: .5rem; padding: .3rem .6rem; }
.difference dt { color: inherit; }
.difference .expected { background: var(--bad-wash); }
.difference .expected dt::before { content: "- "; }
.difference .actual { background: var(--good-wash); }
.difference .actual dt::before { content: "+ "; }
.columns, .exchange { display: grid; gap: 0 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.exchange > div { min-width: 0; }
.ids { columns: 20rem; padding-left: 1.2rem; }
.sources { margin-bottom: 0; font-size: .9rem; }
.legend { display: grid; gap: .3rem; }
@media (max-width: 40rem) {
  .facts div, .legend div { grid-template-columns: 1fr; gap: 0; }
  .facts div + div, .legend div + div { margin-top: .4rem; }
  .card { padding: .8rem; }
  .scroll table { min-width: 36rem; }
}
`;
