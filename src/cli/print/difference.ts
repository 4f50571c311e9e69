import { printable } from '../../contract/printable.ts';
import { closing, type Comparable, type Difference, type DifferenceLine, partsOf } from '../../report/diff.ts';

/** The difference as text. */
export function formatDifference(difference: Difference, before: Comparable, now: Comparable): string {
  const parts = partsOf(difference).map(([title, lines]) => [`${title} (${lines.length})`, ...lines.map(lineOf)].join('\n'));
  const head = `${printable(before.name)} → ${printable(now.name)}`;
  return [head, ...difference.remarks.map((remark) => `Note: ${remark}`), ...parts, closing(difference)].join('\n\n');
}

const lineOf = ({ id, from, to, reason }: DifferenceLine): string => `  ${id}: ${from} → ${to}${reason === '' ? '' : `. ${reason}`}`;
