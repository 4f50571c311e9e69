import { type Command, InvalidArgumentError } from 'commander';

export { Option } from 'commander';

/** The options that several commands share; each is declared here once. */

export interface TokenOption {
  tokenFile?: string;
}

export interface ServiceOptions extends TokenOption {
  baseUrl?: string;
}

/** Where the forms of a report are written to. */
export interface ReportFiles {
  json?: string;
  junit?: string;
  markdown?: string;
  html?: string;
  fingerprint?: string;
}

/** What counts in the verdict of a suite. */
export interface JudgeOptions {
  strict?: boolean;
  known?: string;
}

/** The options that were given: the library takes an option or none, never undefined. */
export function given<Options extends object>(options: Options): { [Name in keyof Options]?: Exclude<Options[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

export const tokenOption = (command: Command): Command =>
  command.option('--token-file <file>', 'file with the access token; default: PARTNER_CENTER_TOKEN');

export const serviceOptions = (command: Command): Command =>
  tokenOption(command.option('--base-url <url>', 'address of the service; default: PARTNER_CENTER_BASE_URL, else the global cloud'));

export const strictOption = (command: Command): Command => command.option('--strict', 'let a "should" that fails count too');

export const onlyOption = (command: Command, what: string): Command => command.option('--only <glob>', what);

export const knownOption = (command: Command): Command =>
  command.option('--known <file>', 'known deviations, YAML: failures that do not count until a day');

export const reportOptions = (command: Command): Command =>
  command
    .option('--json <file>', 'write the report to a file as JSON')
    .option('--junit <file>', 'write it as JUnit XML, for a CI server')
    .option('--markdown <file>', 'write it as Markdown, for the summary of a CI job')
    .option('--html <file>', 'write it as one HTML page, for people');

export const showBodiesOption = (command: Command): Command =>
  command.option('--show-bodies', 'show values that were read from the customer too; tokens are never shown');

export const stateDirOption = (command: Command): Command =>
  command.option('--state-dir <folder>', 'folder of the snapshots; default: PC_BILLING_STATE_DIR, else pc-billing below $XDG_STATE_HOME');

export function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above zero.');
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
