import { code, table } from '../src/report/markdown.ts';

/** A way to break promises, and what the suite says of a service that does: the cause first. */
export interface Break {
  name: string;
  does: string;
  fails: readonly string[];
  untestable: readonly string[];
}

const topicOf = (id: string): string => id.split('.')[0]!;
const titleOf = (topic: string): string => topic.charAt(0).toUpperCase() + topic.slice(1);

function markOf({ fails, untestable }: Break, id: string): string {
  if (fails[0] === id) return '**✗**';
  if (fails.includes(id)) return '✗';
  return untestable.includes(id) ? '·' : '';
}

/** The detection matrix as Markdown: a table for each topic, because one of all of them is wider than a page. */
export function formatDetectionMarkdown(ids: readonly string[], breaks: readonly Break[]): string {
  const topics = [...new Set(ids.map(topicOf))];
  const tables = topics.map((topic) => {
    const columns = ids.filter((id) => topicOf(id) === topic);
    const rows = breaks.filter((one) => columns.some((id) => one.fails.includes(id)));
    const onlyUntestable = breaks.filter((one) => !rows.includes(one) && columns.some((id) => one.untestable.includes(id)));
    const cells = (one: Break): string[] => columns.map((id) => markOf(one, id));
    return [
      `### ${titleOf(topic)}`,
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
