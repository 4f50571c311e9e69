import type { Command } from 'commander';
import { type Io, UsageError } from '../io.ts';
import { type JudgeOptions, positiveInteger, type ReportFiles, reportOptions, shared } from '../options.ts';

export interface ScoreOptions extends JudgeOptions, Omit<ReportFiles, 'fingerprint'> {
  scenario?: readonly string[];
  timeoutSeconds: number;
}

export function define(command: Command): void {
  command
    .argument('<command...>', 'the client and its arguments, after --')
    .option('--only <glob>', 'requirements to judge, such as "client.sends-*"')
    .option('--scenario <name...>', 'scenarios to run; names are below')
    .option(...shared.strict)
    .option(...shared.known)
    .option('--timeout-seconds <number>', 'how long the client may take in each scenario', positiveInteger, 30);
  reportOptions(command);
}

export async function moreHelp(): Promise<string> {
  const { scenarios } = await import('../../score/scenarios.ts');
  return [
    'The client reads the profile, sets companyName to PC_BILLING_COMPANY, writes it, and exits 0 when it believes that it succeeded. Scenarios:',
    ...Object.entries(scenarios).map(([name, { does }]) => `  ${name.padEnd(22)}${does}`),
  ].join('\n');
}

export async function run([command]: [string[]], options: ScoreOptions, io: Io): Promise<number> {
  if (command.length === 0)
    throw new UsageError('There is no command to score. Give it after --, as in: pc-billing score -- node client.js');
  const { scoreCommand } = await import('../actions/score.ts');
  return scoreCommand(command, options, io);
}
