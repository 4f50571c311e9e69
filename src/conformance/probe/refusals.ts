import { Failure, NoResponse, Untestable } from './check-errors.ts';
import { type GoodPut, prepareWrite, putRequest, writeChange } from './profile.ts';
import type { Probe } from './probe.ts';
import type { ProbeResponse, ProbeRequest } from './exchange.ts';

/** Looks like no token anybody has. */
export const wrongToken = 'pc-billing-conformance-wrong-token';

/** A customer id that is not a GUID. */
const noGuid = 'contoso';

/** Reads that have to be refused: each differs from a good one in one thing. */
const refusedReads = {
  'an unknown customer': (probe) => ({ method: 'GET', customerId: probe.newId() }),
  'a customer id that is not a GUID': () => ({ method: 'GET', customerId: noGuid }),
  'a read without a token': () => ({ method: 'GET', token: null }),
  'a read with a wrong token': () => ({ method: 'GET', token: wrongToken }),
} as const satisfies Record<string, (probe: Probe) => ProbeRequest>;

/** Writes that have to be refused: each spoils a good one in one thing. */
const refusedWrites = {
  'malformed JSON': ({ request }) => ({ ...request, text: JSON.stringify(request.body).slice(0, -1) }),
  'an object where text belongs': ({ request }) => ({ ...request, body: { ...request.body, LastName: {} } }),
  'a body of text/plain': ({ request }) => ({ ...request, contentType: 'text/plain' }),
  'a made-up ETag': ({ before, change }, probe) => putRequest(before, change, `pc-billing-${probe.newId()}`),
  'a write without a token': ({ request }) => ({ ...request, token: null }),
  'a write with a wrong token': ({ request }) => ({ ...request, token: wrongToken }),
  'a PATCH': () => ({ method: 'PATCH', body: {} }),
} as const satisfies Record<string, (put: GoodPut, probe: Probe) => ProbeRequest>;

/** Sends a read that has to be refused. Any response is a result. */
export function sendRefusedRead(probe: Probe, what: keyof typeof refusedReads, more: Partial<ProbeRequest> = {}): Promise<ProbeResponse> {
  return probe.send({ ...refusedReads[what](probe), ...more, takesRefusal: true });
}

/** Sends a write that has to be refused. Any response is a result. */
export async function sendRefusedWrite(
  probe: Probe,
  what: keyof typeof refusedWrites,
  more: Partial<ProbeRequest> = {},
): Promise<ProbeResponse> {
  const put = await prepareWrite(probe);
  return probe.send({ ...refusedWrites[what](put, probe), ...more, takesRefusal: true });
}

/** Writes, then writes again with the ETag from before, in the header and in the body. */
export async function sendStaleWrite(
  probe: Probe,
  more: Partial<ProbeRequest> = {},
): Promise<{ stored: GoodPut; response: ProbeResponse }> {
  const stored = await writeChange(probe);
  const { change } = await prepareWrite(probe);
  return { stored, response: await probe.send({ ...putRequest(stored.before, change, stored.etag), ...more, takesRefusal: true }) };
}

/** One request that was refused. */
export interface Refused {
  what: string;
  response: ProbeResponse;
  /** What the request carried in addition. */
  sent: Partial<ProbeRequest>;
}

const nothingMore = (): Partial<ProbeRequest> => ({});

/**
 * Everything that has to be refused in the mode of the run, and was: with 4xx. That it is refused at all, and is no 5xx, is said by
 * requirements of their own; so is it when no good write can be made, of which the others here are the spoilt ones.
 */
export async function* refusals(probe: Probe, more = nothingMore): AsyncGenerator<Refused> {
  for (const what of Object.keys(refusedReads) as (keyof typeof refusedReads)[]) {
    const sent = more();
    const response = await sendRefusedRead(probe, what, sent);
    if (isRefused(response)) yield { what, response, sent };
  }
  if (await probe.canWrite()) yield* writeRefusals(probe, more);
}

/** The same, of writes. */
export async function* writeRefusals(probe: Probe, more = nothingMore): AsyncGenerator<Refused> {
  let put: GoodPut;
  try {
    const sent = more();
    const { response } = await sendStaleWrite(probe, sent);
    if (isRefused(response)) yield { what: 'a stale ETag', response, sent };
    put = await prepareWrite(probe);
  } catch (error) {
    const saysNothing = error instanceof Failure || error instanceof Untestable || (error instanceof NoResponse && !error.unreachable);
    if (!saysNothing) throw error;
    return;
  }
  for (const what of Object.keys(refusedWrites) as (keyof typeof refusedWrites)[]) {
    const sent = more();
    const response = await probe.send({ ...refusedWrites[what](put, probe), ...sent, takesRefusal: true });
    if (isRefused(response)) yield { what, response, sent };
    // It was done, so the next one needs another ETag.
    else put = await prepareWrite(probe);
  }
}

function isRefused({ status }: ProbeResponse): boolean {
  return status >= 400 && status < 500 && status !== 429;
}
