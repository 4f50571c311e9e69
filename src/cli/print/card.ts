import type { Card } from '../../report/card.ts';
import { levelWords } from '../../report/card.ts';
import { allFields, type Field, fieldName, mainFields } from '../../report/card-text.ts';
import { isAccepted } from '../../suite/exit-code.ts';
import type { Result } from '../../suite/result.ts';
import type { Layout } from './terminal.ts';
import { hanging, wrapped, wrappedCommand } from './wrap.ts';

/** A failure as lines for a screen: what to know and what to do, or with `verbose` all of it. */
export function cardLines(card: Card, layout: Layout, verbose = false): string[] {
  const { result } = card;
  const { paint } = layout;
  const head = `  ${signOf(result, card.counts, layout)} ${paint.bold(result.id)} ${paint.dim(`(${levelWords(card)})`)}`;
  const fields = verbose ? allFields(card) : mainFields(card);
  return [head, ...fields.flatMap((field) => fieldLines(field, layout))];
}

const indent = '    ';

function fieldLines({ name, lines, tone, kind }: Field, { columns, paint }: Layout): string[] {
  const label = indent + fieldName(name);
  const width = columns - label.length;
  const fitted = lines.flatMap((line) => {
    if (kind === 'exchange') return [line];
    return kind === 'command' ? wrappedCommand(line, width) : wrapped(line, width);
  });
  return hanging(label, fitted).map((line) => {
    if (tone !== undefined) return indent + paint[tone](line.slice(indent.length));
    return indent + paint.dim(line.slice(indent.length, label.length)) + line.slice(label.length);
  });
}

/** One character for a verdict. `counts`: it makes the run fail. */
export function signOf({ verdict, accepted }: Pick<Result, 'verdict' | 'accepted'>, counts: boolean, { paint }: Layout): string {
  if (verdict === 'pass') return paint.good('✓');
  if (verdict === 'skipped') return paint.dim('-');
  if (verdict === 'untestable') return paint.odd('?');
  return counts && !isAccepted({ verdict, accepted } as Result) ? paint.bad('✗') : paint.odd('!');
}
