import { html, type Markup, page } from '../html/page.ts';
import { code, table } from './markdown.ts';

/** A way to break promises, and what the suite says of a service that does: the cause first. */
export interface Break {
  name: string;
  does: string;
  fails: readonly string[];
  untestable: readonly string[];
}

const topicOf = (id: string): string => id.split('.')[0]!;
const titleOf = (topic: string): string => topic.charAt(0).toUpperCase() + topic.slice(1);
const marks = { cause: 'fails, the cause', fails: 'fails too', untestable: 'untestable then' } as const;

function markOf({ fails, untestable }: Break, id: string): keyof typeof marks | undefined {
  if (fails[0] === id) return 'cause';
  if (fails.includes(id)) return 'fails';
  return untestable.includes(id) ? 'untestable' : undefined;
}

/** The detection matrix as Markdown: a table for each topic, because one of all of them is wider than a page. */
export function formatDetectionMarkdown(ids: readonly string[], breaks: readonly Break[]): string {
  const symbols = { cause: '**✗**', fails: '✗', untestable: '·' } as const;
  const topics = [...new Set(ids.map(topicOf))];
  const tables = topics.map((topic) => {
    const columns = ids.filter((id) => topicOf(id) === topic);
    const rows = breaks.filter((one) => columns.some((id) => one.fails.includes(id)));
    const onlyUntestable = breaks.filter((one) => !rows.includes(one) && columns.some((id) => one.untestable.includes(id)));
    const cells = (one: Break): string[] => columns.map((id) => (markOf(one, id) === undefined ? '' : symbols[markOf(one, id)!]));
    return [
      `## ${titleOf(topic)}`,
      ...(rows.length === 0
        ? []
        : [
            table(
              ['fault', ...columns.map((id) => code(id.slice(topic.length + 1)))],
              rows.map((one) => [code(one.name), ...cells(one)]),
            ),
          ]),
      ...(onlyUntestable.length === 0
        ? []
        : [
            `Untestable, all or some of them, when the cause is elsewhere: ${onlyUntestable
              .map((one) => `${code(one.name)} (${columns.filter((id) => one.untestable.includes(id)).length})`)
              .join(', ')}.`,
          ]),
    ].join('\n\n');
  });
  return tables.join('\n\n');
}

/** The detection matrix as one HTML page: every fault against every requirement. */
export function formatDetectionHtml(ids: readonly string[], breaks: readonly Break[]): string {
  const topics = [...new Set(ids.map(topicOf))];
  const caught = ids.filter((id) => breaks.some(({ fails }) => fails[0] === id)).length;
  return page({
    title: 'Detection matrix',
    style,
    body: html`
      <header>
        <h1>Detection matrix</h1>
        <p>
          ${breaks.length} ways in which a service breaks its promises, each a fault of the mock, and what the conformance suite says of
          each of the ${ids.length} requirements then. ${caught} of them are the cause of at least one fault. A test holds every cell
          against a run.
        </p>
        <ul class="key">
          <li><span class="cell cause" aria-hidden="true">✗</span> fails: the cause</li>
          <li><span class="cell fails" aria-hidden="true">✗</span> fails too</li>
          <li><span class="cell untestable" aria-hidden="true">·</span> cannot be tested then</li>
          <li>an empty cell: passes</li>
        </ul>
      </header>
      <main>
        <div class="scroll matrix" role="region" aria-label="Faults and requirements" tabindex="0">
          <table>
            <caption>
              Faults, a row each, against requirements, a column each
            </caption>
            <thead>
              <tr>
                <td></td>
                ${topics.map((topic) => html`<th scope="colgroup" colspan="${ids.filter((id) => topicOf(id) === topic).length}">${topic}</th>`)}
              </tr>
              <tr>
                <th scope="col">fault</th>
                ${ids.map((id) => html`<th scope="col" class="requirement"><span>${id}</span></th>`)}
              </tr>
            </thead>
            <tbody>
              ${breaks.map(
                (one) =>
                  html`<tr>
                    <th scope="row">${one.name}</th>
                    ${ids.map((id) => cell(one, id))}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <section aria-labelledby="faults">
          <h2 id="faults">What the faults do</h2>
          <dl class="does">
            ${breaks.map(
              ({ name, does }) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${does}</dd>
                </div>`,
            )}
          </dl>
        </section>
      </main>
    `,
  });
}

function cell(one: Break, id: string): Markup {
  const mark = markOf(one, id);
  if (mark === undefined) return html`<td></td>`;
  const symbol = mark === 'untestable' ? '·' : '✗';
  return html`<td class="${mark}" title="${one.name}, ${id}: ${marks[mark]}">
    <span aria-hidden="true">${symbol}</span><span class="said">${marks[mark]}</span>
  </td>`;
}

const style = `
body { max-width: none; }
.key { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; padding: 0; list-style: none; }
.cell { display: inline-block; width: 1.3rem; text-align: center; }
.cause { background: var(--bad-wash); color: var(--bad); font-weight: 700; }
.fails { color: var(--bad); }
.untestable { color: var(--soft); }
.matrix { max-height: 80vh; overflow: auto; border: 1px solid var(--line); }
.matrix table { width: auto; border-collapse: separate; border-spacing: 0; font-size: .8rem; }
.matrix td, .matrix th { padding: .1rem .3rem; border-bottom: 1px solid var(--line); border-right: 1px solid var(--line); text-align: center; }
.matrix tbody th, .matrix thead tr:last-child th:first-child { position: sticky; left: 0; z-index: 1; background: var(--back); text-align: left; font-family: var(--mono); white-space: nowrap; }
.matrix thead tr:last-child th { position: sticky; top: 0; z-index: 2; background: var(--back); vertical-align: bottom; }
.matrix thead tr:last-child th:first-child { z-index: 3; }
.requirement span { writing-mode: vertical-rl; transform: rotate(180deg); font-family: var(--mono); font-weight: 400; white-space: nowrap; }
.matrix tbody tr:hover td, .matrix tbody tr:hover th { background: var(--panel); }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.matrix td { position: relative; }
.does div { display: grid; grid-template-columns: minmax(10rem, 20rem) 1fr; gap: 1rem; padding-block: .15rem; }
.does dt { font-family: var(--mono); font-size: .9rem; color: inherit; overflow-wrap: anywhere; }
@media (max-width: 40rem) { .does div { grid-template-columns: 1fr; gap: 0; } }
@media print { .matrix { max-height: none; overflow: visible; } .matrix table { font-size: 4pt; } }
`;
