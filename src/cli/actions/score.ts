import { withAccepted } from '../../suite/accepted.ts';
import { selectRequirements } from '../../suite/selection.ts';
import { exitCodeOf } from '../../suite/exit-code.ts';
import type { Report } from '../../suite/result.ts';
import type { Service } from '../../mock/delivery.ts';
import { serve } from '../../mock/node.ts';
import type { ReportContext } from '../../report/card.ts';
import { shellWord } from '../../report/curl.ts';
import { clientRequirements } from '../../score/requirements/index.ts';
import { scoreClient, scoreReport } from '../../score/run.ts';
import { parseScenario, scenarios } from '../../score/scenarios.ts';
import { type Listen, startScenarioServer } from '../../score/scenario-server.ts';
import type { ScoreOptions } from '../commands/score.ts';
import { removeOldReports, writeReports } from '../files/report-files.ts';
import { type Io, untilAborted } from '../io.ts';
import { given, type ReportFiles } from '../options.ts';
import { commandLine, flagWords, runFacts, programWords } from '../report-context.ts';
import { githubWords } from '../print/github.ts';
import { createRunView } from '../print/run.ts';
import { layoutOf } from '../print/terminal.ts';
import { hanging, wrapped } from '../print/wrap.ts';
import { commandClient } from './client-command.ts';

type About = Pick<ReportContext, 'title' | 'strict' | 'rerun'>;

const onLoopback: Listen = async (service, host) => {
  const { url, close } = await serve(service, { port: 0 });
  // Another name is another host, for every client.
  return { url: host === 'other' ? url.replace('127.0.0.1', 'localhost') : url, close };
};

/** Starts a client once for each scenario, until the user stops it, and prints the verdicts. Errors: as `commandClient`. */
export async function scoreCommand(command: readonly string[], options: ScoreOptions, io: Io): Promise<number> {
  const { only, strict = false, timeoutSeconds } = options;
  const names = options.scenario?.map(parseScenario);
  const known = options.known === undefined ? [] : await (await import('../files/known-file.ts')).readKnownFile(options.known);
  // Wrong arguments are reported before anything is printed or removed.
  selectRequirements(clientRequirements, only);
  await removeOldReports(options);
  const client = hanging('Client    ', wrapped(commandLine(...command), layoutOf(io).columns - 10)).join('\n');
  io.out(`${client}\nLimit     ${timeoutSeconds} s for each scenario\n\n`);
  const signal = io.stopSignal();
  signal.addEventListener('abort', () => io.err('\nStopping: the client is killed.\n'));
  const report = await scoreClient({
    listen: onLoopback,
    command,
    runClient: commandClient(command, { env: io.env, timeoutMs: timeoutSeconds * 1000 }),
    signal,
    ...given({ scenarios: names, only }),
    onScenario: (name, index, count) => io.progress?.(`[${index + 1}/${count}] ${name}`),
  });
  io.progress?.('');
  const played = (names ?? []).flatMap((name) => ['--scenario', name]);
  const rerun = (id: string): string => {
    const judged = flagWords({ '--known': options.known, '--strict': true, '--only': id });
    return commandLine(...programWords(io.env), 'score', ...judged, ...played, '--', ...command);
  };
  const about = { title: `Score of ${commandLine(...command)}`, strict, rerun };
  return printScore(withAccepted(report, known, io.now?.() ?? Date.now()), about, options, io);
}

/** Serves one scenario to a client that is started by hand, and prints the verdict when it is stopped. */
export async function scoreByHand(name: string, listen: (service: Service) => ReturnType<Listen>, io: Io): Promise<number> {
  const scenario = parseScenario(name);
  const stop = io.stopSignal();
  const startedAtMs = Date.now();
  const server = await startScenarioServer(scenario, {
    listen: (service, host) => (host === 'other' ? onLoopback(service, host) : listen(service)),
  });
  const environment = Object.entries(server.env).map(([variable, value]) => `export ${variable}=${shellWord(value)}`);
  io.out(`Scenario ${scenario}: ${scenarios[scenario].does}

${environment.join('\n')}

Start the client once, with this environment. Ctrl-C prints the verdict.
`);
  await untilAborted(stop);
  const run = server.run({ exitCode: undefined });
  await server.close();
  const made = { runId: crypto.randomUUID(), startedAtMs, durationMs: Date.now() - startedAtMs };
  const report = await scoreReport([run], clientRequirements, made);
  io.out('\nHow the client ended is not known here, so what needs it is skipped.\n\n');
  return printScore(report, { title: `Score of a client in the scenario ${scenario}`, strict: false }, {}, io);
}

/** Prints a score, writes its files and gives the exit code. */
async function printScore(report: Report, about: About, options: ReportFiles & Pick<ScoreOptions, 'verbose'>, io: Io): Promise<number> {
  const exitCode = exitCodeOf(report, about);
  const context: ReportContext = { ...about, facts: runFacts(report), exitCode };
  const github = githubWords(io);
  const view = createRunView(about, layoutOf(io), { verbose: options.verbose ?? false });
  const topics = report.results.map((result) => view.add(result)).join('');
  io.out(github.begin + topics + view.end(report, context) + github.end(report, context));
  await writeReports(options, report, context, io);
  return exitCode;
}
