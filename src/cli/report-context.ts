import type { Report, Restoration, ServerReport } from '../suite/result.ts';
import { defaultToken } from '../mock/service.ts';
import type { ReportContext } from '../report/card.ts';
import { type CurlContext, shellWord } from '../report/curl.ts';
import type { RunCommandOptions } from './commands/conformance/run.ts';
import type { Io } from './io.ts';
import type { RunTarget } from './target.ts';
import { modeWords } from './print/target.ts';

/** Words as a command line that a shell takes. */
export const commandLine = (...words: string[]): string => words.map(shellWord).join(' ');

/** The program as it was called: `npx` finds the installed one, which the shell does not. */
export const programWords = ({ npm_command: npmCommand }: Io['env']): string[] => [...(npmCommand === 'exec' ? ['npx'] : []), 'pc-billing'];

/** Flags with their values; without those that were not given. */
export const flagWords = (flags: Readonly<Record<string, string | boolean | undefined>>): string[] =>
  Object.entries(flags).flatMap(([flag, value]) => (typeof value === 'string' ? [flag, value] : value ? [flag] : []));

/** How a run against a server is made again: its command line without what is only written to files. */
export function contextOf(target: RunTarget, options: RunCommandOptions, io: Io): Omit<ReportContext, 'facts' | 'exitCode'> {
  const { baseUrl, customerId, otherCustomerId, isEmbedded } = target;
  // Without a customer the command finds the mock's own again.
  const isGiven = options.customer !== undefined || Boolean(io.env.PARTNER_CENTER_CUSTOMER_ID);
  const customers = { '--customer': customerId, '--other-customer': otherCustomerId };
  const server = { '--base-url': baseUrl, ...(isGiven ? customers : { '--other-customer': options.otherCustomer }) };
  const run = flagWords({
    ...(isEmbedded ? {} : server),
    '--mode': options.mode,
    '--allow-writes-to': options.allowWritesTo,
    '--partner-tenant': options.partnerTenant,
    '--all-members': options.allMembers,
    '--requirements': options.requirements,
    '--known': options.known,
    '--token-file': options.tokenFile,
    // So that its exit code says whether this one is kept, also when it is a "should".
    '--strict': true,
  });
  const program = programWords(io.env);
  const get = commandLine(...program, 'get', customerId, ...flagWords({ '--base-url': baseUrl, '--token-file': options.tokenFile }));
  return {
    title: `Conformance of ${isEmbedded ? 'the embedded mock' : baseUrl}`,
    strict: options.strict ?? false,
    strictOption: '--strict',
    rerun: (id) => commandLine(...program, 'conformance', ...run, '--only', id),
    explain: (id) => commandLine(...program, 'conformance', 'explain', id),
    // The embedded mock has ended with the run.
    ...(isEmbedded ? {} : { curl: { token: tokenWord(target, options, io), ...curlCommands(get) } }),
  };
}

/** What prints ETag and body for a curl, from the command that prints the profile. */
export function curlCommands(get: string): Pick<CurlContext, 'etagCommand' | 'bodyCommand'> {
  return {
    etagCommand: `${get} --etag`,
    bodyCommand: ({ isPascalCase, merge }) => [get, ...flagWords({ '--pascal-case': isPascalCase, '--merge': merge })].join(' '),
  };
}

/** The token as it stands between double quotes of a shell: from the environment, else from where this run had it. */
function tokenWord({ isThisMachine }: RunTarget, { tokenFile }: RunCommandOptions, { env }: Io): string {
  if (tokenFile !== undefined) return `\${PARTNER_CENTER_TOKEN:-$(cat ${shellWord(tokenFile)})}`;
  if (!env.PARTNER_CENTER_TOKEN && isThisMachine) return `\${PARTNER_CENTER_TOKEN:-${defaultToken}}`;
  return '$PARTNER_CENTER_TOKEN';
}

/** What is to be known of any run. */
export function runFacts({ suite, runId, startedAt, durationMs, requests }: Report): ReportContext['facts'] {
  return [
    ['Started', startedAt],
    ['Took', `${(durationMs / 1000).toFixed(1)} s, ${requests} requests`],
    ['Run', runId],
    ['Suite', `pc-billing ${suite.version}, contract ${suite.contractSha256.slice(0, 12)}`],
  ];
}

const restorationWords: Partial<Record<Restoration['state'], string>> = {
  'not-needed': 'as it was; nothing had to be put back',
  restored: 'put back, and read again to see that it is as it was',
};

/** A run against a server in a few names and values. */
export function factsOf(report: ServerReport): ReportContext['facts'] {
  const { subject, restoration } = report;
  const afterwards = restoration && (restorationWords[restoration.state] ?? `NOT put back: ${restoration.reason ?? ''}`);
  return [
    ['Server', subject.baseUrl],
    ['Customer', subject.customerId],
    ['Mode', `${subject.mode}: ${modeWords[subject.mode]}`],
    ...runFacts(report),
    ...(afterwards === undefined ? [] : [['Profile afterwards', afterwards] as const]),
  ];
}
