import { exitCodeOf } from '../suite/exit-code.ts';
import { withAccepted } from '../suite/accepted.ts';
import type { Report } from '../suite/result.ts';
import { serve } from '../mock/node.ts';
import type { ReportContext } from '../report/card.ts';
import { shellWord } from '../report/curl.ts';
import { formatResult, formatSummary, plain } from '../report/terminal.ts';
import { clientRequirements } from '../score/requirements/index.ts';
import { CommandError, commandClient } from './client-command.ts';
import { scoreClient, scoreReport } from '../score/run.ts';
import { parseScenario, scenarios } from '../score/scenarios.ts';
import { startScenarioServer, type ScenarioServerOptions } from '../score/scenario-server.ts';
import { colors, readKnown } from './conformance.ts';
import { type Io, UsageError } from './io.ts';
import { removeOldReports, type ReportFiles, writeReports } from './report-files.ts';

export interface ScoreArguments extends Omit<ReportFiles, 'fingerprint'> {
  only?: string;
  scenario?: readonly string[];
  strict?: boolean;
  known?: string;
  timeoutSeconds: number;
}

const onLoopback: ScenarioServerOptions['listen'] = async (service, host) => {
  const { url, close } = await serve(service, { port: 0 });
  // Another name is another host, for every client.
  return { url: host === 'other' ? url.replace('127.0.0.1', 'localhost') : url, close };
};

/** Runs a client through the scenarios and prints the verdicts. Errors: `UsageError` for a command that cannot be started. */
export async function scoreCommand(command: readonly string[], options: ScoreArguments, io: Io): Promise<number> {
  if (command.length === 0)
    throw new UsageError('There is no command to score. Give it after --, as in: pc-billing score -- node client.js');
  const names = options.scenario?.map(parseScenario);
  const known = await readKnown(options.known);
  await removeOldReports(options);
  io.out(`Client    ${command.map(shellWord).join(' ')}\nLimit     ${options.timeoutSeconds} s for each scenario\n\n`);
  const signal = io.stopSignal();
  signal.addEventListener('abort', () => io.err('\nStopping: the client is killed.\n'));
  const given = await scoreClient({
    listen: onLoopback,
    command,
    runClient: commandClient(command, { env: io.env, timeoutMs: options.timeoutSeconds * 1000 }),
    signal,
    ...(names === undefined ? {} : { scenarios: names }),
    ...(options.only === undefined ? {} : { only: options.only }),
    onScenario: (name, index, count) => io.progress?.(`[${index + 1}/${count}] ${name}`),
  }).catch((error: unknown) => {
    throw error instanceof CommandError ? new UsageError(error.message) : error;
  });
  io.progress?.('');
  const report = withAccepted(given, known, io.now?.() ?? Date.now());
  const rerun = (id: string): string =>
    [
      'pc-billing',
      'score',
      ...(options.known === undefined ? [] : ['--known', options.known]),
      '--strict',
      '--only',
      id,
      ...(names ?? []).flatMap((name) => ['--scenario', name]),
      '--',
      ...command,
    ]
      .map(shellWord)
      .join(' ');
  return printScore(report, { title: `Score of ${command.map(shellWord).join(' ')}`, strict: options.strict ?? false, rerun }, options, io);
}

/** Serves one scenario to a client that is started by hand, and prints the verdict when it is stopped. */
export async function scoreByHandCommand(name: string, port: number, io: Io): Promise<number> {
  const scenario = parseScenario(name);
  const stop = io.stopSignal();
  const startedAtMs = Date.now();
  const stage = await startScenarioServer(scenario, {
    listen: async (service, host) => {
      if (host === 'other') return onLoopback(service, host);
      return serve(service, { port }).catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`Port ${port} cannot be used: ${error.code ?? error.message}. Give another --port, or 0 for a free one.`);
      });
    },
  });
  io.out(`Scenario ${scenario}: ${scenarios[scenario].does}

${Object.entries(stage.env)
  .map(([variable, value]) => `export ${variable}=${shellWord(value)}`)
  .join('\n')}

Start the client once, with this environment. Ctrl-C prints the verdict.
`);
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  const run = stage.run({ exitCode: undefined });
  await stage.close();
  const report = await scoreReport([run], clientRequirements, {
    runId: crypto.randomUUID(),
    startedAtMs,
    durationMs: Date.now() - startedAtMs,
  });
  io.out('\nHow the client ended is not known here, so what needs it is skipped.\n\n');
  return printScore(report, { title: `Score of a client in the scenario ${scenario}`, strict: false }, {}, io);
}

async function printScore(
  report: Report,
  given: Pick<ReportContext, 'title' | 'strict' | 'rerun'>,
  files: ReportFiles,
  io: Io,
): Promise<number> {
  const exitCode = exitCodeOf(report, given);
  const context: ReportContext = {
    ...given,
    facts: [
      ['Started', report.startedAt],
      ['Took', `${(report.durationMs / 1000).toFixed(1)} s, ${report.requests} requests`],
      ['Run', report.runId],
      ['Suite', `pc-billing ${report.suite.version}, contract ${report.suite.contractSha256.slice(0, 12)}`],
    ],
    exitCode,
  };
  const paint = io.color ? colors : plain;
  for (const result of report.results) io.out(`${formatResult(result, context, paint)}\n`);
  io.out(`\n${formatSummary(report, context, paint)}\n`);
  await writeReports(files, report, context);
  return exitCode;
}
