import { styleText } from 'node:util';
import { type Paint, plain } from '../../report/card-text.ts';
import type { Io } from '../io.ts';

// Whether there are colours was decided before; styleText would look at the stream once more.
const color = (name: 'green' | 'red' | 'dim') => (text: string) => styleText(name, text, { validateStream: false });
const colors: Paint = { good: color('green'), bad: color('red'), dim: color('dim') };

/** How the output is set off. */
export const paintOf = ({ color: isColored }: Io): Paint => (isColored ? colors : plain);
