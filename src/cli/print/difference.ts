import { printable } from '../../contract/printable.ts';
import { closing, type Comparable, type Difference, type DifferenceLine, partsOf } from '../../report/diff.ts';
import type { Layout } from './terminal.ts';
import { hanging, wrapped } from './wrap.ts';

/** The difference as text. */
export function formatDifference(difference: Difference, before: Comparable, now: Comparable, { columns, paint }: Layout): string {
  const prose = (text: string): string => wrapped(text, columns).join('\n');
  const parts = partsOf(difference).map(([title, lines]) =>
    [paint.bold(`${title} (${lines.length})`), ...lines.flatMap((line) => lineOf(line, columns))].join('\n'),
  );
  const head = `${printable(before.name)} → ${printable(now.name)}`;
  return [head, ...difference.remarks.map((remark) => prose(`Note: ${remark}`)), ...parts, prose(closing(difference))].join('\n\n');
}

const lineOf = ({ id, from, to, reason }: DifferenceLine, columns: number): string[] => [
  ...hanging('  ', wrapped(`${id}: ${from} → ${to}`, columns - 2)),
  ...(reason === '' ? [] : hanging('    ', wrapped(reason, columns - 4))),
];
