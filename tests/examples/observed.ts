import { createPartnerClient, type PartnerClient, type TokenCredential } from '../../src/index.ts';
import { validateProfile } from '../../src/validate.ts';

/** A client for production. `credential` is one of `@azure/identity`, such as `new ClientSecretCredential(…)`. */
export function createClient(credential: TokenCredential, log: (entry: object) => void): PartnerClient {
  return createPartnerClient({
    token: credential,
    application: 'invoice-sync',
    maxRequestsPerMinute: 400,
    onAttempt: log, // start, response, failure and retry of each request; no token, no body
    validate: 'report',
    validator: validateProfile,
    onContractViolation: log,
  });
}
