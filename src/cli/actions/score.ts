import { exitCodeOf } from '../../suite/exit-code.ts';
import type { Report } from '../../suite/result.ts';
import { serve } from '../../mock/node.ts';
import type { ReportContext } from '../../report/card.ts';
import { shellWord } from '../../report/curl.ts';
import { clientRequirements } from '../../score/requirements/index.ts';
import { scoreClient, scoreReport } from '../../score/run.ts';
import { parseScenario, type ScenarioName, scenarios } from '../../score/scenarios.ts';
import { startScenarioServer, type ScenarioServerOptions } from '../../score/scenario-server.ts';
import { writeReports } from '../files/report-files.ts';
import { type Io, UsageError } from '../io.ts';
import { given, type ReportFiles } from '../options.ts';
import { runFacts } from '../print/report-context.ts';
import { formatResult, formatSummary, paintOf } from '../print/result.ts';
import { CommandError, commandClient } from './client-command.ts';
import { serveOn } from './serve.ts';

const onLoopback: ScenarioServerOptions['listen'] = async (service, host) => {
  const { url, close } = await serve(service, { port: 0 });
  // Another name is another host, for every client.
  return { url: host === 'other' ? url.replace('127.0.0.1', 'localhost') : url, close };
};

/** Starts a client once for each scenario, until the user stops it. Errors: `UsageError` when the command cannot be started. */
export async function playScenarios(
  command: readonly string[],
  { names, only, timeoutSeconds }: { names: readonly ScenarioName[] | undefined; only?: string; timeoutSeconds: number },
  io: Io,
): Promise<Report> {
  const signal = io.stopSignal();
  signal.addEventListener('abort', () => io.err('\nStopping: the client is killed.\n'));
  const report = await scoreClient({
    listen: onLoopback,
    command,
    runClient: commandClient(command, { env: io.env, timeoutMs: timeoutSeconds * 1000 }),
    signal,
    ...given({ scenarios: names, only }),
    onScenario: (name, index, count) => io.progress?.(`[${index + 1}/${count}] ${name}`),
  }).catch((error: unknown) => {
    throw error instanceof CommandError ? new UsageError(error.message) : error;
  });
  io.progress?.('');
  return report;
}

/** Serves one scenario to a client that is started by hand, and prints the verdict when it is stopped. */
export async function scoreByHand(name: string, port: number, io: Io): Promise<number> {
  const scenario = parseScenario(name);
  const stop = io.stopSignal();
  const startedAtMs = Date.now();
  const server = await startScenarioServer(scenario, {
    listen: (service, host) => (host === 'other' ? onLoopback(service, host) : serveOn(service, port)),
  });
  io.out(`Scenario ${scenario}: ${scenarios[scenario].does}

${Object.entries(server.env)
  .map(([variable, value]) => `export ${variable}=${shellWord(value)}`)
  .join('\n')}

Start the client once, with this environment. Ctrl-C prints the verdict.
`);
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  const run = server.run({ exitCode: undefined });
  await server.close();
  const report = await scoreReport([run], clientRequirements, {
    runId: crypto.randomUUID(),
    startedAtMs,
    durationMs: Date.now() - startedAtMs,
  });
  io.out('\nHow the client ended is not known here, so what needs it is skipped.\n\n');
  return printScore(report, { title: `Score of a client in the scenario ${scenario}`, strict: false }, {}, io);
}

/** Prints a score, writes its files and gives the exit code. */
export async function printScore(
  report: Report,
  about: Pick<ReportContext, 'title' | 'strict' | 'rerun'>,
  files: ReportFiles,
  io: Io,
): Promise<number> {
  const exitCode = exitCodeOf(report, about);
  const context: ReportContext = { ...about, facts: runFacts(report), exitCode };
  const paint = paintOf(io);
  for (const result of report.results) io.out(`${formatResult(result, context, paint)}\n`);
  io.out(`\n${formatSummary(report, context, paint)}\n`);
  await writeReports(files, report, context);
  return exitCode;
}
