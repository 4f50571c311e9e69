import { findMiscasedNames, fromWire } from '../contract/casing.ts';
import { isGuid } from '../contract/guid.ts';
import { retryAfterSeconds, scenarioNames } from './scenarios.ts';
import { guardOf, hasSucceeded, isPut, knownOf, miscased, profilesBefore, tagOf, unknownOf, valuesOf } from './sightings.ts';
import { sources } from './sources.ts';
import type { ClientRequirement, Finding, ScenarioRun, Sighting } from './types.ts';

const pass: Finding = { verdict: 'pass' };
const seen = (observed: string): Finding => ({ verdict: 'pass', observed });
const untestable = (reason: string): Finding => ({ verdict: 'untestable', reason });

interface Problem {
  reason: string;
  difference: { expected: string; came: string };
}

/** The first thing that is wrong with a request, over all runs. */
function each(
  runs: readonly ScenarioRun[],
  choose: (run: ScenarioRun) => readonly Sighting[],
  problem: (sighting: Sighting, run: ScenarioRun) => Problem | undefined,
  none: string,
): Finding {
  let count = 0;
  for (const run of runs) {
    for (const sighting of choose(run)) {
      count += 1;
      const found = problem(sighting, run);
      if (found === undefined) continue;
      return { verdict: 'fail', run, sighting, ...found, reason: `In ${run.scenario}: ${found.reason}` };
    }
  }
  return count === 0 ? untestable(none) : pass;
}

const puts = ({ sightings }: ScenarioRun): Sighting[] => sightings.filter(isPut);
const noPut = 'The client sent no PUT.';
const others = ['same-member-changed', 'other-member-changed', 'stale-as-412', 'stale-as-400'] as const;
// A timer may fire a little early, and clocks are read in whole milliseconds.
const toleranceMs = 20;

const needsWrite = ['client.writes-profile'];

/** Every requirement, in the order in which a person reads them. */
export const clientRequirements: readonly ClientRequirement[] = [
  {
    id: 'client.ends-in-time',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'In every scenario the client ends by itself within the limit, and leaves no process behind.',
    remedy: 'Give every request a time limit, count the retries, wait for the processes that you start, and end the main one last.',
    rationale: 'A client that hangs holds up the invoice run behind it, and nobody is told.',
    sources: [sources.job],
    needs: [],
    scenarios: scenarioNames,
    judge(runs) {
      const known = runs.filter(({ end }) => end.exitCode !== undefined);
      if (known.length === 0) return { verdict: 'skipped', reason: 'nobody knows how the client ended' };
      const hung = known.find(({ end }) => end.isTimedOut);
      if (hung !== undefined)
        return {
          verdict: 'fail',
          run: hung,
          reason: `In ${hung.scenario}: it was still running at the limit, and was killed.`,
          difference: { expected: 'an end', came: 'none' },
        };
      const left = known.find(({ end }) => (end.leftBehind ?? 0) > 0);
      if (left === undefined) return pass;
      return {
        verdict: 'fail',
        run: left,
        reason: `In ${left.scenario}: processes that it had started outlived it; they were killed.`,
        difference: { expected: '0 processes left', came: `${left.end.leftBehind}` },
      };
    },
  },
  {
    id: 'client.writes-profile',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'When nothing special happens, the company name is stored and the client ends with 0.',
    remedy:
      'Read the profile, set companyName to PC_BILLING_COMPANY, PUT the whole profile to the URL it was read from, and end with 0 when the answer is 200.',
    rationale: 'It is what the client is for; without it nothing else can be judged.',
    sources: [sources.update, sources.job],
    needs: [],
    scenarios: ['plain'],
    judge([run]) {
      const { end, sightings, stored, company } = run!;
      if (end.isTimedOut) return { verdict: 'untestable', because: 'client.ends-in-time', reason: 'client.ends-in-time comes first' };
      const last = sightings.findLast(isPut) ?? sightings.at(-1);
      const fail = (reason: string): Finding => ({
        verdict: 'fail',
        run: run!,
        reason,
        difference: {
          expected: 'stored, and exit code 0',
          came: `${stored.companyName === company ? 'stored' : 'not stored'}, and it ${endOf(run!)}`,
        },
        ...(last === undefined ? {} : { sighting: last }),
      });
      if (sightings.length === 0) return fail(`It sent nothing, and ${endOf(run!)}.`);
      if (puts(run!).length === 0) return fail(`It sent no PUT, and ${endOf(run!)}.`);
      if (stored.companyName !== company) return fail(`The company name was not stored; it ${endOf(run!)}.`);
      if (end.exitCode === undefined) return seen('stored; nobody knows how the client ended');
      return end.exitCode === 0 ? pass : fail(`The company name was stored, but it ${endOf(run!)}.`);
    },
  },
  {
    id: 'client.guards-write',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'Every PUT carries an ETag that the client was given in the same run, in If-Match or in attributes.etag of the body.',
    remedy: 'Take attributes.etag of the profile that was read, send it as If-Match: "…", and leave it in the body.',
    rationale: 'Without it the write overwrites what somebody else stored in between, and nobody notices.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      each(
        runs,
        puts,
        (put, run) => {
          const guard = guardOf(put);
          const given = run.sightings
            .slice(0, run.sightings.indexOf(put))
            .filter(({ etag, answeredAtMs }) => etag !== undefined && answeredAtMs <= put.atMs)
            .map(({ etag }) => etag!);
          if (guard === undefined)
            return { reason: 'a PUT carries no ETag.', difference: { expected: `if-match: "${given.at(-1) ?? '…'}"`, came: 'none' } };
          if (given.includes(guard)) return undefined;
          return {
            reason: 'a PUT carries an ETag that was not read.',
            difference: { expected: `if-match: "${given.at(-1) ?? '…'}"`, came: guard },
          };
        },
        noPut,
      ),
  },
  {
    id: 'client.quotes-if-match',
    level: 'should',
    mode: 'write',
    since: '0.2.0',
    rule: 'An If-Match that is sent is a strong entity tag, in double quotes.',
    remedy: 'Put double quotes around attributes.etag when it becomes If-Match; without W/ before them.',
    rationale: 'The service is known to take an ETag without quotes only from hearsay; HTTP gives it no meaning.',
    sources: [sources.updateHeaders, sources.etag],
    needs: ['client.guards-write'],
    scenarios: scenarioNames,
    judge(runs) {
      const guarded = (run: ScenarioRun): Sighting[] => puts(run).filter(({ ifMatch }) => ifMatch !== undefined);
      if (runs.every((run) => guarded(run).length === 0))
        return { verdict: 'skipped', reason: 'the client guards by the ETag in the body' };
      return each(
        runs,
        guarded,
        ({ ifMatch }) =>
          /^"[^"]*"$/.test(ifMatch!.trim())
            ? undefined
            : {
                reason: 'If-Match is no strong entity tag in quotes.',
                difference: { expected: `if-match: "${tagOf(ifMatch!)}"`, came: `if-match: ${ifMatch}` },
              },
        noPut,
      );
    },
  },
  {
    id: 'client.sends-full-resource',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'Every PUT carries each member of the profile that was read, unchanged but for the company name.',
    remedy: 'Change one member of the object that was read and send that object; do not build a new one from the members that you know.',
    rationale: 'A member that is left out is cleared: an invoice goes out without a street.',
    sources: [sources.updateBody],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      each(
        runs,
        puts,
        (put, run) => {
          const differences = profilesBefore(run, put).map((read) =>
            differenceBetween(valuesOf(knownOf(read)), valuesOf(knownOf(fromWire(put.body)))),
          );
          if (differences.length === 0)
            return { reason: 'a PUT was sent before the profile was read.', difference: { expected: 'a GET first', came: 'PUT' } };
          // Whether what was read is out of date is another question.
          if (differences.includes(undefined)) return undefined;
          return differences.at(-1);
        },
        noPut,
      ),
  },
  {
    id: 'client.keeps-unknown-members',
    level: 'should',
    mode: 'write',
    since: '0.2.0',
    rule: 'A PUT carries members that no document names as they were read.',
    remedy: 'Keep what your types do not know: @JsonAnySetter in Java, [JsonExtensionData] in C#, a plain dict or object elsewhere.',
    rationale: 'When the service gains a member, a client that drops it clears it for every customer it touches.',
    sources: [sources.updateBody],
    needs: ['client.sends-full-resource'],
    scenarios: ['unknown-members'],
    judge: (runs) =>
      each(
        runs,
        puts,
        (put, run) => {
          const read = profilesBefore(run, put).at(-1);
          return differenceBetween(valuesOf(unknownOf(read)), valuesOf(unknownOf(fromWire(put.body))));
        },
        noPut,
      ),
  },
  {
    id: 'client.uses-one-letter-case',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'The names in a PUT are all in PascalCase or all in camelCase.',
    remedy: 'Set the member under the name that was read, or turn all names into PascalCase; never add a second spelling.',
    rationale: 'Of companyName and CompanyName in one body the service takes either, and it may be the old one.',
    sources: [sources.updateBody, sources.json],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      each(
        runs,
        puts,
        ({ body }) => {
          const [pascal, camel] = [miscased(body), findMiscasedNames(body)];
          if (pascal.length === 0 || camel.length === 0) return undefined;
          return {
            reason: 'a PUT mixes both letter cases.',
            difference: { expected: 'one letter case', came: `${pascal[0]} beside ${camel[0]}` },
          };
        },
        noPut,
      ),
  },
  {
    id: 'client.sends-guids',
    level: 'should',
    mode: 'write',
    since: '0.2.0',
    rule: 'Every request carries MS-RequestId and MS-CorrelationId, each a GUID.',
    remedy: 'Make both ids before the request is sent, write them to your log, and send them with it.',
    rationale: 'They are what support asks for; ids that the service makes are known only if its answer arrives.',
    sources: [sources.headersPage],
    needs: needsWrite,
    scenarios: scenarioNames,
    judge: (runs) =>
      each(
        runs,
        ({ sightings }) => sightings,
        ({ requestId, correlationId, method }) => {
          const wrong = (
            [
              ['ms-requestid', requestId],
              ['ms-correlationid', correlationId],
            ] as const
          ).find(([, id]) => id === undefined || !isGuid(id));
          if (wrong === undefined) return undefined;
          return {
            reason: `a ${method} has no GUID as ${wrong[0]}.`,
            difference: { expected: `${wrong[0]}: a GUID`, came: wrong[1] ?? 'none' },
          };
        },
        'The client sent nothing.',
      ),
  },
  {
    id: 'client.renews-ids',
    level: 'should',
    mode: 'write',
    since: '0.2.0',
    rule: 'A request gets a new MS-RequestId, but for one that had no answer and is sent again; MS-CorrelationId is no constant.',
    remedy: 'Make a new MS-RequestId for each request; keep it only when the same request is sent again because no answer came.',
    rationale: 'A service that keeps its promise of idempotency answers a repeated id with the old answer, and stores nothing.',
    sources: [sources.headersPage],
    needs: ['client.sends-guids'],
    scenarios: scenarioNames,
    judge(runs) {
      const earlier: [ScenarioRun, Sighting][] = [];
      return each(
        runs,
        ({ sightings }) => sightings,
        (sighting, run) => {
          const repeated = earlier.find(([, one]) => one.requestId === sighting.requestId);
          const constant = earlier.find(([of, one]) => of !== run && one.correlationId === sighting.correlationId);
          earlier.push([run, sighting]);
          if (constant !== undefined) {
            return {
              reason: `MS-CorrelationId is the one of ${constant[0].scenario}.`,
              difference: { expected: 'ms-correlationid: a new GUID', came: `ms-correlationid: ${sighting.correlationId}` },
            };
          }
          if (repeated === undefined) return undefined;
          const [of, one] = repeated;
          if (of === run && !one.isAnswered && one.method === sighting.method) return undefined;
          return {
            reason: `a ${sighting.method} has the MS-RequestId of a ${one.method} that was answered${one.status === undefined ? '' : ` ${one.status}`}.`,
            difference: { expected: 'ms-requestid: a new GUID', came: `ms-requestid: ${sighting.requestId}` },
          };
        },
        'The client sent nothing.',
      );
    },
  },
  {
    id: 'client.waits-for-retry-after',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'After a 429 the client sends nothing before the time of Retry-After is over.',
    remedy:
      'Read Retry-After, wait so many seconds before the next request to the host, or give up; do not use a shorter time of your own.',
    rationale: 'Requests that come too early count too, and the partner stays throttled, for all customers.',
    sources: [sources.throttling, sources.retryAfter],
    needs: needsWrite,
    scenarios: ['throttled'],
    judge([run]) {
      const throttled = run!.sightings.find(({ status }) => status === 429);
      if (throttled === undefined) return untestable(noPut);
      const next = run!.sightings[run!.sightings.indexOf(throttled) + 1];
      if (next === undefined) return seen('gave up');
      const waitedMs = next.atMs - throttled.answeredAtMs;
      if (waitedMs >= retryAfterSeconds * 1000 - toleranceMs) return seen(`waited ${waitedMs} ms`);
      return {
        verdict: 'fail',
        run: run!,
        sighting: throttled,
        reason: `After a 429 with Retry-After: ${retryAfterSeconds} the next request came ${waitedMs} ms later.`,
        difference: { expected: `${retryAfterSeconds * 1000} ms`, came: `${waitedMs} ms` },
      };
    },
  },
  {
    id: 'client.does-not-repeat-refusals',
    level: 'should',
    mode: 'write',
    since: '0.2.0',
    rule: 'A request that was refused with a 4xx other than 408 and 429 is not sent again as it was.',
    remedy: 'Retry after 408, 429 and 5xx alone. After 401 get another token, after a stale ETag read again; otherwise report the refusal.',
    rationale: 'The same request gets the same answer; meanwhile the real cause is not reported.',
    sources: [sources.clientErrors, sources.unauthorized],
    needs: needsWrite,
    scenarios: [...others, 'wrong-token'],
    judge(runs) {
      if (!runs.some(({ sightings }) => sightings.some(isRefused))) return untestable('The client met no refusal.');
      return each(
        runs,
        ({ sightings }) => sightings,
        (sighting, { sightings }) => {
          const same = sightings
            .slice(0, sightings.indexOf(sighting))
            .find((one) => isRefused(one) && fingerprint(one) === fingerprint(sighting));
          return (
            same && {
              reason: `a ${sighting.method} that was refused with ${same.status} was sent again as it was.`,
              difference: { expected: 'no such request', came: `${sighting.method}, as before` },
            }
          );
        },
        'The client sent nothing.',
      );
    },
  },
  {
    id: 'client.preserves-others-changes',
    level: 'must',
    mode: 'race',
    since: '0.2.0',
    rule: 'What somebody else wrote after the client had read is never overwritten unread.',
    remedy:
      'When a write is refused as stale (412, or 400 with code 2055), read again and apply the change to what is there now, or end with 1. Never send the old body with a new ETag.',
    rationale: 'Two people correct one customer; the first correction is gone and nobody is told.',
    sources: [sources.updateHeaders, sources.ifMatch],
    needs: ['client.guards-write'],
    scenarios: ['same-member-changed', 'other-member-changed'],
    judge: (runs) =>
      each(
        runs,
        ({ foreign, sightings }) => (foreign === undefined ? [] : sightings.filter(isPut)),
        (put, { foreign, stored }) => {
          if (!put.isStored || stored.email === foreign!.email) return undefined;
          return {
            reason: 'the e-mail address that somebody else had changed was written back.',
            difference: { expected: `email: ${foreign!.email}`, came: `email: ${stored.email}` },
          };
        },
        'Nobody could write between the read and the write.',
      ),
  },
  {
    id: 'client.claims-only-what-is-stored',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'The client ends with 0 only when the company name is stored.',
    remedy: 'Look at the status of every answer; end with another code than 0 when the last PUT was not answered with 200.',
    rationale: 'The invoice goes to the old company, and every log says that all is well.',
    sources: [sources.job, sources.errorCodes],
    needs: needsWrite,
    scenarios: scenarioNames.filter((name) => name !== 'plain'),
    judge: (runs) =>
      ended(runs, ({ end, stored, company, sightings }) =>
        end.exitCode === 0 && stored.companyName !== company && !sightings.some((one) => one.isStored)
          ? 'it ended with 0, but the company name is not stored.'
          : undefined,
      ),
  },
  {
    id: 'client.recognises-stored-write',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'The client does not report failure when the company name is stored.',
    remedy:
      'When no answer comes to a PUT, read the profile before you report: it may have been stored. Then a repeated PUT that is refused as stale is a success too.',
    rationale: 'Whoever believes the failure does it again, or tells the customer what is not so.',
    sources: [sources.headersPage, sources.idempotent],
    needs: needsWrite,
    // Those in which a write that follows a read can be stored; a mark that cannot be read has a requirement of its own.
    scenarios: scenarioNames.filter((name) => !['plain', 'byte-order-mark', 'wrong-token', 'redirect'].includes(name)),
    judge: (runs) =>
      ended(runs, ({ end, stored, company }) =>
        end.exitCode !== 0 && stored.companyName === company
          ? `the company name is stored, but it ended with ${end.exitCode ?? end.signal}.`
          : undefined,
      ),
  },
  {
    id: 'client.reads-byte-order-mark',
    level: 'must',
    mode: 'write',
    since: '0.2.0',
    rule: 'The client reads a profile that begins with a UTF-8 byte order mark.',
    remedy: 'Decode the bytes as UTF-8 with the mark taken away (utf-8-sig in Python, a StreamReader in C#), then parse the JSON.',
    rationale: 'Recorded answers of the service begin with one; a parser that is strict refuses every one of them.',
    sources: [sources.powershell, sources.jsonMark],
    needs: needsWrite,
    scenarios: ['byte-order-mark'],
    judge([run]) {
      if (run!.sightings.length === 0) return untestable('The client sent nothing.');
      if (run!.end.isTimedOut) return { verdict: 'untestable', because: 'client.ends-in-time', reason: 'client.ends-in-time comes first' };
      if (hasSucceeded(run!)) return pass;
      const sighting = run!.sightings.at(-1)!;
      return {
        verdict: 'fail',
        run: run!,
        sighting,
        reason: `Where the answer begins with a byte order mark, it ${endOf(run!)}${run!.stored.companyName === run!.company ? '' : ', and nothing is stored'}.`,
        difference: { expected: 'stored, and exit code 0', came: endOf(run!) },
      };
    },
  },
  {
    id: 'client.keeps-token-from-other-hosts',
    level: 'must',
    mode: 'read',
    since: '0.2.0',
    rule: 'A redirect to another host is followed without the token, or not at all.',
    remedy: 'Switch off automatic redirects for requests that carry a token, or drop Authorization when the host changes.',
    rationale: 'A partner token opens every customer of the reseller.',
    sources: [sources.redirection, sources.bearer],
    needs: [],
    scenarios: ['redirect'],
    judge([run]) {
      if (run!.sightings.length === 0) return untestable('The client sent nothing that could be redirected.');
      const leak = run!.elsewhere.find(({ headers, url, text }) =>
        [...Object.values(headers), url, text].some((where) => where.includes(run!.token)),
      );
      if (leak === undefined) return seen(run!.elsewhere.length === 0 ? 'does not follow' : 'follows without the token');
      return {
        verdict: 'fail',
        run: run!,
        sighting: leak,
        reason: 'The token was sent to the host that it was redirected to.',
        difference: { expected: 'authorization: none', came: 'authorization: the token' },
      };
    },
  },
];

/** The first member that was read and not sent so; the company name may be another. */
function differenceBetween(read: Record<string, string>, sent: Record<string, string>): Problem | undefined {
  const lost = Object.entries(read).find(([member, value]) => member !== 'companyName' && sent[member] !== value);
  if (lost === undefined) return undefined;
  const [member, value] = lost;
  return {
    reason: `a PUT does not carry ${member} as it was read.`,
    difference: { expected: `${member}: ${value}`, came: `${member}: ${sent[member] ?? 'absent'}` },
  };
}

/** Judges how a client ended, where it is known. */
function ended(runs: readonly ScenarioRun[], problem: (run: ScenarioRun) => string | undefined): Finding {
  const known = runs.filter(({ end }) => end.exitCode !== undefined);
  if (known.length === 0) return { verdict: 'skipped', reason: 'nobody knows how the client ended' };
  const judged = known.filter(({ sightings, end }) => sightings.length > 0 && !end.isTimedOut);
  for (const run of judged) {
    const found = problem(run);
    const sighting = run.sightings.findLast(isPut) ?? run.sightings.at(-1)!;
    if (found !== undefined) {
      const isStored = run.stored.companyName === run.company;
      return {
        verdict: 'fail',
        run,
        sighting,
        reason: `In ${run.scenario}: ${found}`,
        difference: { expected: `exit code ${isStored ? '0' : 'other than 0'}`, came: endOf(run) },
      };
    }
  }
  return judged.length === 0 ? untestable('The client sent nothing, or had to be killed.') : pass;
}

function endOf({ end }: ScenarioRun): string {
  if (end.isTimedOut) return 'was still running at the limit';
  if (end.exitCode === undefined) return 'ended in a way that nobody knows';
  return end.exitCode === null ? `was ended by ${end.signal ?? 'a signal'}` : `ended with ${end.exitCode}`;
}

const isRefused = ({ isAnswered, status = 0 }: Sighting): boolean =>
  isAnswered && status >= 400 && status < 500 && status !== 408 && status !== 429;
const fingerprint = ({ method, url, authorization, ifMatch, text }: Sighting): string =>
  JSON.stringify([method, url, authorization, ifMatch, text]);
