import { visible } from '../contract/printable.ts';
import { createHider } from '../contract/privacy/secrets.ts';
import type { Io, World } from './io.ts';

// The mock's own, which everybody knows and its command prints on purpose.
const publicToken = 'mock-token';
// A shorter text stands in too many other words.
const secretLengthAtLeast = 4;

// How `styleText` sets off a text; a service that sends the same can colour its words, and no more.
const style = /(\u001b\[[\d;]{1,12}m)/; // oxlint-disable-line no-control-regex

/**
 * Puts the sink between a command and the world: every word for people and every report passes it, so that no caller can forget to.
 *
 * Shape: the token is hidden in every spelling (`createHider`), control characters are made visible, line ends and tabs stay. It never
 * throws because an output is gone: what becomes of the command does not depend on who listens.
 */
export function throughSink(world: World): Io {
  const secrets = new Set<string>();
  let hideSecrets = createHider(secrets);
  const hide = (secret: string): void => {
    if (secret.length < secretLengthAtLeast || secret === publicToken) return;
    secrets.add(secret);
    hideSecrets = createHider(secrets);
  };
  hide(world.env.PARTNER_CENTER_TOKEN?.trim() ?? '');

  const clean = (text: string): string => hideSecrets(visible(text));
  const styled = (text: string): string =>
    hideSecrets(text.split(style).map((part, index) => (index % 2 === 1 ? part : visible(part))).join('')); // prettier-ignore
  const forPeople = world.color ? styled : clean;
  const safely = <Result>(write: () => Result): Result | undefined => {
    try {
      return write();
    } catch {
      return undefined;
    }
  };
  const { progress, terminal } = world;
  return {
    ...world,
    out: (text) => safely(() => world.out(forPeople(text))),
    err: (text) => safely(() => world.err(forPeople(text))),
    progress: progress && ((text) => safely(() => progress(forPeople(text)))),
    terminal: (text) => safely(() => terminal?.(clean(text))) ?? false,
    stopSignal: (lastWords) => world.stopSignal(lastWords && (() => clean(lastWords()))),
    hide,
    clean,
  };
}
