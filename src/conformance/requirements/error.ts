import { isJsonObject } from '../../contract/json.ts';
import { validateErrorResponse, validateThrottlingResponse } from '../../contract/validate.ts';
import { Failure, Untestable } from '../probe/check-errors.ts';
import { type Refused, refusals, sendRefusedRead, wrongToken } from '../probe/refusals.ts';
import { sources } from '../../suite/sources.ts';
import type { ServerRequirement } from '../requirement.ts';

export const errorRequirements: readonly ServerRequirement[] = [
  {
    id: 'error.answers-documented-shape',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'A refusal has a JSON body with code and description, or with statusCode and message.',
    remedy: 'Send every refusal, also those of the framework, with one of the two documented bodies.',
    rationale: 'A client decides by the code, and a person by the description, whether to read again, to wait or to give up.',
    procedure:
      'Every request that has to be refused in the mode of the run is sent; the body of each refusal has to fit one of the two error bodies of the contract, letter case aside.',
    sources: [sources.errorCodes, sources.throttling],
    needs: ['customer.refuses-unknown-customer'],
    async check(probe) {
      let seen = 0;
      for await (const refused of refusals(probe)) {
        seen += 1;
        const code = expectErrorShape(refused);
        if (code !== undefined) probe.observe('errorCode', typeof code === 'string' ? 'string' : 'integer');
      }
      if (seen === 0) throw new Untestable('Nothing was refused.');
    },
  },
  {
    id: 'error.keeps-token-secret',
    level: 'must',
    mode: 'read',
    since: '0.1.0',
    rule: 'No refusal repeats the token of the request.',
    remedy: 'Leave the Authorization header out of error bodies and headers; they end up in logs.',
    rationale: 'Error bodies end up in logs and tickets. A token in one of them is disclosed.',
    procedure:
      'Every request that has to be refused in the mode of the run is sent; bodies and headers of the refusals are searched for the token of the run and for the wrong one.',
    sources: [sources.credentials],
    needs: [],
    async check(probe) {
      await sendRefusedRead(probe, 'a read with a wrong token').then((response) =>
        expectSilence({ what: 'a wrong token', response }, [wrongToken]),
      );
      for await (const refused of refusals(probe)) expectSilence(refused, [wrongToken, probe.target.token]);
    },
  },
];

/** The code of an error response; undefined for the gateway's. Errors: `Failure` for a body of neither shape, names in any letter case. */
function expectErrorShape({ what, response: { status, json } }: Refused): number | string | undefined {
  const body = isJsonObject(json) ? lowerNames(json) : json;
  const validation = validateErrorResponse(body);
  if (validation.ok) return validation.value.code;
  if (validateThrottlingResponse(isJsonObject(body) ? { ...body, statusCode: body.statuscode } : body).ok) return undefined;
  const wrong =
    json === undefined ? 'is not JSON' : validation.problems.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ');
  throw new Failure(`The body of the refusal of ${what} (${status}) is not an error response: ${wrong}.`, {
    expected: '{"code":…,"description":…} or {"statusCode":…,"message":…}',
    actual:
      json === undefined
        ? 'no JSON'
        : `{${Object.keys(isJsonObject(json) ? json : {})
            .map((name) => `"${name}"`)
            .join(',')}}`,
  });
}

/** Letter case has a requirement of its own. */
const lowerNames = (body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));

function expectSilence({ what, response }: Pick<Refused, 'what' | 'response'>, tokens: readonly string[]): void {
  const places = [response.text, ...[...response.headers].map(([, value]) => value)];
  if (tokens.some((token) => places.some((place) => place.includes(token)))) {
    throw new Failure(`The refusal of ${what} repeats the token.`, { expected: 'no token', actual: 'the token of the request' });
  }
}
