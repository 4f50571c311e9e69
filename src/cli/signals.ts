import { constants } from 'node:os';

// Those that end no process by default, that Node or the debugger uses, that no process can catch, and those of a fault in the process.
const otherSignals: ReadonlySet<string> = new Set(
  'CHLD CLD CONT STOP TSTP TTIN TTOU URG WINCH PIPE XFSZ USR1 PROF INFO LOST KILL SEGV BUS FPE ILL TRAP ABRT IOT SYS UNUSED EMT'
    .split(' ')
    .map((name) => `SIG${name}`),
);

/** Every signal that would end this process, each once: whatever the system has, but for those that are known not to. */
export function endingSignals(): NodeJS.Signals[] {
  const all = (Object.keys(constants.signals) as NodeJS.Signals[]).filter((name) => !otherSignals.has(name));
  // Some have two names.
  return all.filter((name, index) => all.findIndex((other) => signalNumber(other) === signalNumber(name)) === index);
}

/**
 * How long further signals count as the same wish, ms: of a terminal that closes both the system and the shell tell, and of a Ctrl-C what
 * started the program, such as npm, tells it once more.
 */
export const sameWishMs = 500;

export const signalNumber = (signal: NodeJS.Signals): number => constants.signals[signal];
