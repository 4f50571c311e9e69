import { validateErrorResponse, validateThrottlingResponse } from '../../contract/validate.ts';
import { Failure } from '../outcome.ts';
import { sources } from '../sources.ts';
import type { Requirement } from '../types.ts';
import { wrongToken } from './auth.ts';
import { readUnknownCustomer } from './customer.ts';

export const errorRequirements: readonly Requirement[] = [
  {
    id: 'error.answers-documented-shape',
    level: 'must',
    mode: 'read',
    rule: 'A refusal has a JSON body with code and description, or with statusCode and message.',
    sources: [sources.errorCodes, sources.throttling],
    needs: ['customer.refuses-unknown-customer'],
    async check(probe) {
      const refusals = {
        'an unknown customer': await readUnknownCustomer(probe),
        'a request without a token': await probe.send({ method: 'GET', token: null }),
        'a wrong token': await probe.send({ method: 'GET', token: wrongToken }),
      };
      for (const [what, { status, json }] of Object.entries(refusals)) {
        // That these are refused at all is said by requirements of their own.
        if (status < 400) continue;
        const validation = validateErrorResponse(json);
        if (validation.ok) probe.observe('errorCode', typeof validation.value.code === 'string' ? 'string' : 'integer');
        else if (!validateThrottlingResponse(json).ok) {
          const wrong =
            json === undefined
              ? 'is not JSON'
              : validation.problems.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ');
          throw new Failure(`The body of the refusal of ${what} (${status}) is not an error response: ${wrong}.`);
        }
      }
    },
  },
];
