import type { Command } from 'commander';
import { type Io, UsageError } from '../io.ts';
import { type JudgeOptions, knownOption, onlyOption, positiveInteger, type ReportFiles, reportOptions, strictOption } from '../options.ts';

export interface ScoreOptions extends JudgeOptions, Omit<ReportFiles, 'fingerprint'> {
  only?: string;
  scenario?: readonly string[];
  timeoutSeconds: number;
}

export function define(command: Command): void {
  command.argument('<command...>', 'the client and its arguments, after --');
  onlyOption(command, 'requirements to judge, such as "client.sends-*"');
  command.option('--scenario <name...>', 'scenarios to run; names are below');
  knownOption(strictOption(command));
  command.option('--timeout-seconds <number>', 'how long the client may take in each scenario', positiveInteger, 30);
  reportOptions(command);
}

export async function moreHelp(): Promise<string> {
  const { scenarios } = await import('../../score/scenarios.ts');
  return [
    'The client reads the profile, sets companyName to PC_BILLING_COMPANY, writes it, and exits 0 when it believes that it succeeded. Scenarios:',
    ...Object.entries(scenarios).map(([name, { does }]) => `  ${name.padEnd(22)}${does}`),
  ].join('\n');
}

/** Runs a client through the scenarios and prints the verdicts. Errors: `UsageError` for a command that cannot be started. */
export async function run([command]: [string[]], options: ScoreOptions, io: Io): Promise<number> {
  if (command.length === 0)
    throw new UsageError('There is no command to score. Give it after --, as in: pc-billing score -- node client.js');
  const { parseScenario } = await import('../../score/scenarios.ts');
  const names = options.scenario?.map(parseScenario);
  const known = options.known === undefined ? [] : await (await import('../files/known-file.ts')).readKnownFile(options.known);
  await (await import('../files/report-files.ts')).removeOldReports(options);
  const { withAccepted } = await import('../../suite/accepted.ts');
  const { printScore, playScenarios } = await import('../actions/score.ts');
  const { commandLine } = await import('../print/report-context.ts');
  io.out(`Client    ${commandLine(...command)}\nLimit     ${options.timeoutSeconds} s for each scenario\n\n`);
  const report = withAccepted(await playScenarios(command, { ...options, names }, io), known, io.now?.() ?? Date.now());
  const rerun = (id: string): string => {
    const judged = [...(options.known === undefined ? [] : ['--known', options.known]), '--strict', '--only', id];
    return commandLine('pc-billing', 'score', ...judged, ...(names ?? []).flatMap((name) => ['--scenario', name]), '--', ...command);
  };
  const context = { title: `Score of ${commandLine(...command)}`, strict: options.strict ?? false, rerun };
  return printScore(report, context, options, io);
}
