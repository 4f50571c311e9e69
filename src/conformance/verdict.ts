import type { Finding } from '../suite/judge.ts';
import type { RecordedExchange } from '../suite/result.ts';
import {
  causeOfAbsence,
  causeOfDefect,
  causeOfFailure,
  causeOfLostSnapshot,
  causeOfRefusedToken,
  causeOfSilence,
  type Judgement,
} from './likely-cause.ts';
import { Failure, messageOf, NoResponse, Skip, Stopped, Untestable } from './probe/check-errors.ts';
import type { Connection } from './probe/connection.ts';
import { scrub } from './probe/redact.ts';
import { SnapshotLost } from './restore/snapshot.ts';
import type { ServerRequirement } from './requirement.ts';
import { TargetError } from './target.ts';

/**
 * What a check that did not pass comes to. What a server sends, or fails to send while it is up, is never our defect.
 *
 * Shape: `endsRun` when nothing more can be checked.
 */
export async function findingOf(
  error: unknown,
  requirement: ServerRequirement,
  exchanges: readonly RecordedExchange[],
  connection: Connection,
): Promise<{ finding: Finding; endsRun: boolean }> {
  const { redaction, target } = connection;
  const reason = scrub(messageOf(error), redaction);
  const goesOn = (finding: Finding) => ({ finding, endsRun: false });
  const ends = (finding: Finding) => ({ finding, endsRun: true });

  if (error instanceof Failure) {
    const { expected, actual } = error.difference;
    return goesOn({
      verdict: 'fail',
      reason,
      difference: { expected: scrub(expected, redaction), actual: scrub(actual, redaction) },
      ...judged(causeOfFailure(requirement, target, exchanges.at(-1), error.difference)),
    });
  }
  if (error instanceof Untestable) return goesOn({ verdict: 'untestable', reason });
  if (error instanceof Skip) return goesOn({ verdict: 'skipped', reason });
  if (error instanceof NoResponse && (!error.unreachable || (await connection.isUp()))) {
    return goesOn({
      verdict: 'fail',
      reason: `The request got no response: ${reason}.`,
      difference: { expected: 'a response', actual: 'none' },
      ...judged(causeOfSilence(target)),
    });
  }
  if (error instanceof NoResponse)
    return ends({ verdict: 'broken', reason: `The target went away: ${reason}.`, ...judged(causeOfAbsence) });
  if (error instanceof Stopped) return ends({ verdict: 'broken', reason });
  if (error instanceof SnapshotLost) return ends({ verdict: 'broken', reason, ...judged(causeOfLostSnapshot) });
  if (error instanceof TargetError) return ends({ verdict: 'broken', reason, ...judged(causeOfRefusedToken) });
  return goesOn({ verdict: 'broken', reason: `The check itself failed: ${reason}`, ...judged(causeOfDefect) });
}

function judged({ component, why, remedy }: Judgement): Pick<Finding, 'likelyCause' | 'remedy'> {
  return { likelyCause: { component, why }, ...(remedy === undefined ? {} : { remedy }) };
}
