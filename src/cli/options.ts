import { type Command, InvalidArgumentError } from 'commander';

/** The options that several commands share, each as `Command.option` takes it. */
export const shared = {
  baseUrl: ['--base-url <url>', 'address of the service (default: PARTNER_CENTER_BASE_URL, else the global cloud)'],
  tokenFile: ['--token-file <file>', "file with the access token (default: PARTNER_CENTER_TOKEN, else on this machine the mock's token)"],
  only: [
    '--only <topic|pattern>',
    'check only these requirements: topics, or patterns with *, separated by commas (default: all)',
    // Given twice it names both: silently to leave one out would be a check that is not made.
    (value: string, before?: string) => (before === undefined ? value : `${before},${value}`),
  ],
  strict: ['--strict', 'let a "should" that fails count too (default: only a "must" counts)'],
  known: ['--known <file>', 'YAML file of accepted failures, which do not count until a date (default: none)'],
  verbose: ['--verbose', 'print every requirement, and of a failure the requests, the responses and a curl script'],
  showBodies: ['--show-bodies', 'show values that were read from the customer too; tokens are never shown'],
  stateDir: ['--state-dir <folder>', 'folder of the snapshots (default: PC_BILLING_STATE_DIR, else pc-billing in $XDG_STATE_HOME)'],
} as const;

/** What counts in the verdict of a suite. */
export const judgeOptions = (command: Command): Command =>
  command
    .optionsGroup('What counts:')
    .option(...shared.strict)
    .option(...shared.known);

/** The files that a report is written to. */
export const reportOptions = (command: Command): Command =>
  command
    .option('--json <file>', 'write the report as JSON')
    .option('--junit <file>', 'write it as JUnit XML, for a CI server')
    .option('--markdown <file>', 'write it as Markdown, for the summary of a CI job')
    .option('--html <file>', 'write it as one HTML page, for people');

/** A service, and the token for it. */
export type ServiceOptions = Partial<Record<'baseUrl' | 'tokenFile', string>>;

/** Where the forms of a report are written to. */
export type ReportFiles = Partial<Record<'json' | 'junit' | 'markdown' | 'html' | 'fingerprint', string>>;

/** What a suite judges, and what counts in its verdict. */
export interface JudgeOptions {
  only?: string;
  strict?: boolean;
  known?: string;
  verbose?: boolean;
}

/** The options that were given: the library takes an option or none, never undefined. */
export function given<Options extends object>(options: Options): { [Name in keyof Options]?: Exclude<Options[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

export function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above zero.');
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
