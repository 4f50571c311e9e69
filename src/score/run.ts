import { contractSha256, packageVersion } from '../contract/generated.ts';
import { printable } from '../contract/printable.ts';
import type { ClientReport, RecordedExchange, Result, Verdict } from '../conformance/types.ts';
import { clientRequirements } from './requirements.ts';
import { type ScenarioName, scenarioNames } from './scenarios.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import type { ClientEnd, ClientRequirement, Finding, ScenarioRun, Sighting } from './types.ts';

/** A client as the score sees it. Errors: the reason of the signal, when that is aborted. */
export type RunClient = (env: Stage['env'], signal: AbortSignal) => Promise<ClientEnd>;

/** How a score is made. */
export interface ScoreOptions extends StageOptions {
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
  const { now = Date.now, newId = () => crypto.randomUUID(), signal = new AbortController().signal, onScenario } = options;
  const selected = selectClientRequirements(options.only);
  const wanted = withNeeds(selected);
  // A scenario that nothing looks at need not be run.
  const names = (options.scenarios ?? scenarioNames).filter((name) => wanted.some(({ scenarios }) => scenarios.includes(name)));
  const startedAtMs = now();
  const runs: ScenarioRun[] = [];
  for (const [index, name] of names.entries()) {
    if (signal.aborted) break;
    onScenario?.(name, index, names.length);
    const stage = await openStage(name, options);
    try {
      const end = await options.runClient(stage.env, signal);
      runs.push(stage.run(end));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await stage.close();
    }
  }
  return reportOf(runs, selected, {
    command: options.command,
    runId: newId(),
    startedAtMs,
    durationMs: now() - startedAtMs,
    isStopped: signal.aborted,
  });
}

/** The requirements whose id fits a pattern. Errors: `TypeError` when there is none. */
export function selectClientRequirements(only = '*'): ClientRequirement[] {
  const pattern = new RegExp(`^${only.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const selected = clientRequirements.filter(({ id }) => pattern.test(id));
  if (selected.length === 0)
    throw new TypeError(`No requirement fits "${only}". There are:\n${clientRequirements.map(({ id }) => `  ${id}`).join('\n')}`);
  return selected;
}

function withNeeds(selected: readonly ClientRequirement[]): ClientRequirement[] {
  const ids = new Set(selected.map(({ id }) => id as string));
  for (const id of ids) for (const need of clientRequirements.find((one) => one.id === id)?.needs ?? []) ids.add(need);
  return clientRequirements.filter(({ id }) => ids.has(id));
}

/** The report of what was seen of a client. */
export function reportOf(
  runs: readonly ScenarioRun[],
  selected: readonly ClientRequirement[],
  {
    command,
    runId,
    startedAtMs,
    durationMs,
    isStopped = false,
  }: { command?: readonly string[] | undefined; runId: string; startedAtMs: number; durationMs: number; isStopped?: boolean },
): ClientReport {
  const findings = new Map<string, Finding>();
  const findingOf = (requirement: ClientRequirement): Finding => {
    let finding = findings.get(requirement.id);
    if (finding === undefined) findings.set(requirement.id, (finding = judge(requirement)));
    return finding;
  };
  function judge({ scenarios, needs, judge: judgeRuns }: ClientRequirement): Finding {
    const mine = runs.filter(({ scenario }) => scenarios.includes(scenario));
    if (mine.length === 0) return { verdict: 'skipped', reason: `is seen in ${scenarios.join(', ')} alone` };
    for (const need of needs) {
      const finding = findingOf(clientRequirements.find(({ id }) => id === need)!);
      if (finding.verdict !== 'fail' && finding.verdict !== 'untestable') continue;
      const because = (finding.verdict === 'untestable' && finding.because) || need;
      return { verdict: 'untestable', because, reason: `${because} comes first` };
    }
    return judgeRuns(mine);
  }
  const results = selected.map((requirement) => resultOf(requirement, isStopped ? undefined : findingOf(requirement)));
  const summary: ClientReport['summary'] = { pass: 0, fail: 0, untestable: 0, skipped: 0, broken: 0, accepted: 0 };
  for (const { verdict } of results) summary[verdict] += 1;
  return {
    schemaVersion: 1,
    suite: { version: packageVersion, contractSha256 },
    subject: { kind: 'client', ...(command === undefined ? {} : { command }), scenarios: runs.map(({ scenario }) => scenario) },
    runId,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs,
    requests: runs.reduce((sum, { sightings, elsewhere }) => sum + sightings.length + elsewhere.length, 0),
    results,
    summary,
  };
}

function resultOf({ id, level, mode, rule, sources, remedy, rationale }: ClientRequirement, finding: Finding | undefined): Result {
  const base = { id, level, mode, rule, sources };
  if (finding === undefined) return { ...base, verdict: 'broken' satisfies Verdict, reason: 'The score was stopped.' };
  const { verdict } = finding;
  if (verdict === 'pass') return { ...base, verdict, ...(finding.observed === undefined ? {} : { observed: finding.observed }) };
  if (verdict === 'skipped') return { ...base, verdict, reason: finding.reason };
  if (verdict === 'untestable') {
    return { ...base, verdict, reason: finding.reason, remedy, ...(finding.because === undefined ? {} : { blockedBy: finding.because }) };
  }
  const { run, sighting, reason, difference } = finding;
  const clean = cleanerOf(run);
  return {
    ...base,
    verdict,
    remedy,
    rationale,
    reason: `${clean(reason)}${printed(run, clean)}`,
    difference: { expected: clean(difference.expected), actual: clean(difference.came) },
    likelyCause: { component: 'client', why: `The mock saw it in the scenario ${run.scenario}.` },
    ...(sighting?.correlationId === undefined ? {} : { correlationId: clean(sighting.correlationId) }),
    ...(sighting === undefined ? {} : { exchanges: [recorded(sighting, clean)] }),
  };
}

type Clean = (text: string) => string;

const cleanerOf =
  ({ token }: ScenarioRun): Clean =>
  (text) =>
    printable(text.replaceAll(token, '<redacted>').replaceAll(/\r?\n/g, ' | '));

const shownOutput = 300;

/** The end of what a client printed. */
function printed({ end: { output = '', outputBytes = 0 } }: ScenarioRun, clean: Clean): string {
  const text = clean(output.trim());
  if (text === '') return '';
  const much = outputBytes > 64 * 1024 ? ` ${outputBytes} bytes, at the end` : '';
  return ` It printed${much}: ${text.length > shownOutput ? `…${text.slice(-shownOutput)}` : text}`;
}

const shownHeaders = [
  'content-type',
  'if-match',
  'ms-requestid',
  'ms-correlationid',
  'user-agent',
  'retry-after',
  'location',
  'www-authenticate',
];

function recorded({ method, url, headers, text, body, status, answerHeaders, answer }: Sighting, clean: Clean): RecordedExchange {
  const shown = (given: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(given)
        .map(([name, value]) => [name.toLowerCase(), value] as const)
        .flatMap(([name, value]) =>
          name === 'authorization' ? [[name, 'Bearer <redacted>']] : shownHeaders.includes(name) ? [[name, clean(value)]] : [],
        ),
    );
  // Customer and values are made up; the token may stand in any text.
  const cleaned = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' ? clean(one) : one));
  const sent = body === undefined ? (text === '' ? undefined : `<${text.length} characters that are not JSON>`) : cleaned(body);
  return {
    request: { method: clean(method), url: clean(url), headers: shown(headers), ...(sent === undefined ? {} : { body: sent }) },
    ...(status === undefined
      ? {}
      : { response: { status, headers: shown(answerHeaders ?? {}), ...(answer === undefined ? {} : { body: cleaned(answer) }) } }),
  };
}
