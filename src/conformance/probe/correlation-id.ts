import { fnv1a64 } from '../../contract/bytes.ts';

/**
 * The MS-CorrelationId of the requests of one requirement in one run: a GUID that begins as the run's id and ends in a hash of the
 * requirement's, so that the logs of the service can be searched for a run and for a failure.
 */
export function correlationIdOf(runId: string, requirementId: string): string {
  const twelveDigits = BigInt.asUintN(48, fnv1a64(requirementId)).toString(16).padStart(12, '0');
  return runId.slice(0, -12) + twelveDigits;
}
