import { createJudge, type Finding as SuiteFinding, resultOf } from '../suite/judge.ts';
import { createReport } from '../suite/report.ts';
import type { ClientReport } from '../suite/result.ts';
import { selectRequirements, withNeeds } from '../suite/selection.ts';
import type { ClientFinding } from './finding.ts';
import { cleanerOf, printedBy, recordedExchange } from './recorded-exchange.ts';
import type { ClientRequirement } from './requirement.ts';
import { clientRequirements } from './requirements/index.ts';
import type { ClientEnd, ScenarioRun } from './scenario-run.ts';
import { type ScenarioServer, type ScenarioServerOptions, startScenarioServer } from './scenario-server.ts';
import { type ScenarioName, scenarioNames } from './scenarios.ts';

/** A client as the score sees it. Errors: the reason of the signal, when that is aborted. */
export type RunClient = (env: ScenarioServer['env'], signal: AbortSignal) => Promise<ClientEnd>;

/** How a score is made. */
export interface ScoreOptions extends ScenarioServerOptions {
  runClient: RunClient;
  /** Program and arguments of the client, for the report. */
  command?: readonly string[];
  /** Default: all. */
  scenarios?: readonly ScenarioName[];
  /** Only requirements whose id fits; `*` stands for any text. */
  only?: string;
  /** Ends the score; the client is killed. */
  signal?: AbortSignal;
  onScenario?: (name: ScenarioName, index: number, count: number) => void;
}

/** Runs a client through scenarios, one after the other, and judges it. Errors: `TypeError` when no requirement fits `only`. */
export async function scoreClient(options: ScoreOptions): Promise<ClientReport> {
  const { now = Date.now, newId = () => crypto.randomUUID(), signal = new AbortController().signal, command } = options;
  const selected = selectRequirements(clientRequirements, options.only);
  const startedAtMs = now();
  const runs = await playScenarios(options, scenariosFor(selected, options.scenarios), signal);
  const made = { command, runId: newId(), startedAtMs, durationMs: now() - startedAtMs, isStopped: signal.aborted };
  return scoreReport(runs, selected, made);
}

/** The scenarios that the requirements look at, or what they need. */
function scenariosFor(selected: readonly ClientRequirement[], asked: readonly ScenarioName[] = scenarioNames): ScenarioName[] {
  const wanted = withNeeds(selected, clientRequirements);
  return asked.filter((name) => wanted.some(({ scenarios }) => scenarios.includes(name)));
}

async function playScenarios(options: ScoreOptions, names: readonly ScenarioName[], signal: AbortSignal): Promise<ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (const [index, name] of names.entries()) {
    if (signal.aborted) break;
    options.onScenario?.(name, index, names.length);
    const server = await startScenarioServer(name, options);
    try {
      runs.push(server.run(await options.runClient(server.env, signal)));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await server.close();
    }
  }
  return runs;
}

/** What is known of a score beside its runs. */
interface ScoreFacts {
  command?: readonly string[] | undefined;
  runId: string;
  startedAtMs: number;
  durationMs: number;
  isStopped?: boolean;
}

/** The report of what was seen of a client. */
export async function scoreReport(
  runs: readonly ScenarioRun[],
  selected: readonly ClientRequirement[],
  { command, isStopped = false, ...facts }: ScoreFacts,
): Promise<ClientReport> {
  const runsOf = ({ scenarios }: ClientRequirement): ScenarioRun[] => runs.filter(({ scenario }) => scenarios.includes(scenario));
  // A need whose scenarios were not played blocks nothing.
  const played = clientRequirements.filter((requirement) => runsOf(requirement).length > 0);
  const judge = createJudge(played, {
    skipReason: () => undefined,
    check: (requirement) => findingOf(requirement.judge(runsOf(requirement))),
  });
  const results = selected.map((requirement) => {
    if (isStopped) return resultOf(requirement, { verdict: 'broken', reason: 'The score was stopped.' });
    if (played.includes(requirement)) return judge(requirement.id);
    return resultOf(requirement, { verdict: 'skipped', reason: `is seen in ${requirement.scenarios.join(', ')} alone` });
  });
  const subject = {
    kind: 'client' as const,
    ...(command === undefined ? {} : { command }),
    scenarios: runs.map(({ scenario }) => scenario),
  };
  const requests = runs.reduce(
    (sum, { observedRequests, redirectedRequests }) => sum + observedRequests.length + redirectedRequests.length,
    0,
  );
  return createReport({ subject, ...facts, requests, results: await Promise.all(results) }, {});
}

/** A finding as a report tells it: without the token, with the request that shows it. */
function findingOf(finding: ClientFinding): SuiteFinding {
  if (finding.verdict !== 'fail') return finding;
  const { run, request, reason, difference } = finding;
  const clean = cleanerOf(run);
  return {
    verdict: 'fail',
    reason: `${clean(reason)}${printedBy(run, clean)}`,
    difference: { expected: clean(difference.expected), actual: clean(difference.actual) },
    likelyCause: { component: 'client', why: `The mock saw it in the scenario ${run.scenario}.` },
    ...(request?.correlationId === undefined ? {} : { correlationId: clean(request.correlationId) }),
    ...(request === undefined ? {} : { exchanges: [recordedExchange(request, clean)] }),
  };
}
