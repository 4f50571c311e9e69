import { styleText } from 'node:util';
import type { Paint } from '../../report/card-text.ts';
import type { Io } from '../io.ts';

/** What is known of the stream that output goes to. */
export interface Stream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * How the output may look: in colours, how wide, and with a line that is written over.
 *
 * Shape: FORCE_COLOR asks for colours, or with 0 for none; NO_COLOR asks for none; without both a terminal has them. A terminal that is
 * `dumb` obeys no control sequence, and NO_COLOR is set where the output is read or kept: both get no line that is written over either.
 * Source: no-color.org; force-color.org; Node.js, "Command-line API", FORCE_COLOR
 */
export function terminalOf(stream: Stream, env: Io['env']): Pick<Io, 'color' | 'columns' | 'progress'> {
  const { columns } = stream;
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  // Erases the line, writes the text and goes back to its beginning. What does not fit the line would stay on the screen.
  const progress = (text: string): void => void stream.write(`\r\u001b[2K${text.slice(0, (columns ?? defaultColumns) - 1)}\r`);
  return {
    color: hasColors(isTerminal, env),
    ...(columns === undefined ? {} : { columns }),
    ...(isTerminal && !env.NO_COLOR ? { progress } : {}),
  };
}

function hasColors(isTerminal: boolean, { FORCE_COLOR, NO_COLOR }: Io['env']): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && !NO_COLOR;
}

/** How wide and how coloured text is printed. */
export interface Layout {
  columns: number;
  paint: Paint;
}

const defaultColumns = 80;
// A line of prose that is longer than this is hard to read.
const widest = 100;
const narrowest = 60;

const same = (text: string): string => text;
export const plain: Paint = { good: same, bad: same, odd: same, dim: same, bold: same };
// Whether there are colours was decided before; styleText would look at the stream once more.
const color = (name: 'green' | 'red' | 'yellow' | 'dim' | 'bold') => (text: string) => styleText(name, text, { validateStream: false });
const colors: Paint = { good: color('green'), bad: color('red'), odd: color('yellow'), dim: color('dim'), bold: color('bold') };

/** The layout of what a command prints. */
export const layoutOf = ({ color: isColored, columns }: Pick<Io, 'color' | 'columns'>): Layout => ({
  columns: Math.min(Math.max(columns ?? defaultColumns, narrowest), widest),
  paint: isColored ? colors : plain,
});
