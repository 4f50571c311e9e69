import type { Command } from 'commander';
import { type Io, UsageError } from '../io.ts';
import { exitCodes, helpColumns, helpEnd } from '../help.ts';
import { type JudgeOptions, judgeOptions, positiveInteger, type ReportFiles, reportOptions, shared } from '../options.ts';
import { definitions, wrapped } from '../print/wrap.ts';

export interface ScoreOptions extends JudgeOptions, Omit<ReportFiles, 'fingerprint'> {
  scenario?: readonly string[];
  timeoutSeconds: number;
}

export function define(command: Command): void {
  command
    .argument('<command...>', 'the client and its arguments, after --')
    .optionsGroup('What is tested:')
    .option(...shared.only)
    .option('--scenario <name...>', 'scenarios to run, named below (default: all)')
    .option('--timeout-seconds <number>', 'how long the client may take in each scenario', positiveInteger, 30);
  judgeOptions(command)
    .optionsGroup('Output:')
    .option(...shared.verbose);
  reportOptions(command);
}

export async function moreHelp(): Promise<string> {
  const { scenarios } = await import('../../score/scenarios.ts');
  return [
    ...wrapped(
      'The client reads the profile, sets companyName to PC_BILLING_COMPANY, writes it, and exits 0 when it believes that it succeeded.',
      helpColumns,
    ),
    '',
    'Scenarios:',
    ...definitions(Object.entries(scenarios).map(([name, { does }]) => [name, does] as const), helpColumns), // prettier-ignore
    '',
    ...helpEnd({
      examples: [
        ['pc-billing score -- node client.js', 'score a client in every scenario'],
        ['pc-billing score --scenario plain --verbose -- ./client', 'see what it sends in one'],
      ],
      exitCodes: [
        exitCodes.passed,
        exitCodes.failed,
        ['2', 'wrong arguments, a command that cannot be started, or a score that was stopped'],
      ],
    }),
  ].join('\n');
}

export async function run([command]: [string[]], options: ScoreOptions, io: Io): Promise<number> {
  if (command.length === 0)
    throw new UsageError('There is no command to score. Give it after --, as in: pc-billing score -- node client.js');
  const { scoreCommand } = await import('../actions/score.ts');
  return scoreCommand(command, options, io);
}
