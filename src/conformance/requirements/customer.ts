import { expectStatus } from '../probe/expect.ts';
import { prepareWrite } from '../probe/profile.ts';
import { sendRefusedRead } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ServerRequirement } from '../requirement.ts';

export const customerRequirements: readonly ServerRequirement[] = [
  {
    id: 'customer.refuses-unknown-customer',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A customer that the partner does not have is refused with 404, 403 or 400.',
    remedy: 'Look the customer up by the id in the path, and respond with 404 when there is none.',
    rationale: 'The client has to learn that the id is wrong. A profile in the response would belong to another customer, or to none.',
    procedure: 'A GET with a new GUID as the customer id; the status has to be 400, 403 or 404.',
    sources: [sources.errorCodes],
    needs: [],
    async check(probe) {
      expectStatus(await sendRefusedRead(probe, 'an unknown customer'), [400, 403, 404], 'GET of an unknown customer', '404 or 403');
    },
  },
  {
    id: 'customer.refuses-non-guid',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A customer id that is not a GUID is refused with 400, 403 or 404.',
    remedy: 'Check that the id is a GUID before it is used, and respond with 400.',
    rationale: 'A mistyped id has to be reported as a mistake. An internal error looks like an outage, and the client tries again.',
    procedure: 'A GET with the word contoso in the place of the customer id; the status has to be 400, 403 or 404.',
    sources: [sources.getUri, sources.errorCodes],
    needs: [],
    async check(probe) {
      const response = await sendRefusedRead(probe, 'a customer id that is not a GUID');
      expectStatus(response, [400, 403, 404], 'GET of a customer id that is not a GUID', '400 or 404');
    },
  },
  {
    id: 'customer.refuses-write-to-unknown-customer',
    level: 'must',
    mode: 'write',
    since: '0.1.0',
    rule: 'A PUT for a customer that the partner does not have is refused with 404, 403 or 400.',
    remedy: 'Look the customer up before the write, and never create one.',
    rationale: 'When the service reports success for a customer that does not exist, the right customer keeps the old address.',
    procedure: 'A PUT that is valid except for the customer id in its path, a new GUID; the status has to be 400, 403 or 404.',
    sources: [sources.updateUri, sources.errorCodes],
    needs: ['customer.refuses-unknown-customer', 'write.takes-pascal-case'],
    touchesMore: true,
    async check(probe) {
      const { request } = await prepareWrite(probe);
      const response = await probe.send({ ...request, customerId: probe.newId(), takesRefusal: true });
      expectStatus(response, [400, 403, 404], 'PUT for an unknown customer', '404 or 403');
    },
  },
];
