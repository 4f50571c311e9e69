import { expectStatus } from '../probe/expect.ts';
import { sendRefusedRead, sendRefusedWrite } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ProbeResponse } from '../probe/exchange.ts';
import type { ServerRequirement } from '../requirement.ts';

export const authRequirements: readonly ServerRequirement[] = [
  {
    id: 'auth.refuses-anonymous-caller',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A request without a token is refused with 401 or 403.',
    remedy: 'Ask for a token before anything is looked up.',
    rationale:
      'A billing profile names people and where they can be reached; without the refusal anyone who knows a customer id can read it.',
    procedure: 'A GET without an Authorization header; the status has to be 401 or 403.',
    sources: [sources.headersPage, sources.unauthorized],
    needs: [],
    async check(probe) {
      expectRefused(await sendRefusedRead(probe, 'a read without a token'), 'GET without a token');
    },
  },
  {
    id: 'auth.refuses-wrong-token',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A request with a made-up token is refused with 401 or 403.',
    remedy: 'Verify the signature, the issuer and the lifetime of the token; its presence alone is not enough.',
    rationale: "A service that only checks whether there is a token shows every customer's profile to anyone.",
    procedure: 'A GET with a made-up token; the status has to be 401 or 403.',
    sources: [sources.headersPage, sources.unauthorized],
    needs: [],
    async check(probe) {
      expectRefused(await sendRefusedRead(probe, 'a read with a wrong token'), 'GET with a wrong token');
    },
  },
  {
    id: 'auth.refuses-anonymous-write',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT without a token is refused with 401 or 403.',
    remedy: 'Put the check of the token before every method, not before GET alone.',
    rationale: 'Without the refusal anyone who knows a customer id can redirect its invoices.',
    procedure: 'A PUT that is valid except that it has no Authorization header; the status has to be 401 or 403.',
    sources: [sources.updateHeaders, sources.unauthorized],
    needs: ['auth.refuses-anonymous-caller', 'write.takes-pascal-case'],
    async check(probe) {
      expectRefused(await sendRefusedWrite(probe, 'a write without a token'), 'PUT without a token');
    },
  },
  {
    id: 'auth.refuses-write-with-wrong-token',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT with a made-up token is refused with 401 or 403.',
    remedy: 'Verify the token before every method, not before GET alone.',
    rationale: "A service that only checks whether there is a token lets anyone redirect every customer's invoices.",
    procedure: 'A PUT that is valid except for its made-up token; the status has to be 401 or 403.',
    sources: [sources.updateHeaders, sources.unauthorized],
    needs: ['auth.refuses-wrong-token', 'write.takes-pascal-case'],
    async check(probe) {
      expectRefused(await sendRefusedWrite(probe, 'a write with a wrong token'), 'PUT with a wrong token');
    },
  },
];

const expectRefused = (response: ProbeResponse, what: string): void => expectStatus(response, [401, 403], what, '401 or 403');
