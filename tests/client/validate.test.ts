import { expect, test } from 'vitest';
import { ContractError, type ContractViolation, createPartnerClient, type PartnerClientOptions } from '../../src/index.ts';
import { validateProfile } from '../../src/validate.ts';
import { fakeProfile } from '../support/fake.ts';
import { jsonResponse } from '../support/observed-fetch.ts';

const profile = { ...fakeProfile(5), companyName: 5 };
const billingWith = (options: Partial<PartnerClientOptions>) =>
  createPartnerClient({ token: 't', fetch: async () => jsonResponse(profile), ...options }).customers.byId(
    '4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04',
  ).profiles.billing;

test('off, the default: what is answered is given on', async () => {
  expect((await billingWith({}).get()).companyName).toBe(5);
});

test('report tells of the violation, and goes on', async () => {
  const violations: ContractViolation[] = [];
  const read = await billingWith({
    validate: 'report',
    validator: validateProfile,
    onContractViolation: (violation) => violations.push(violation),
  }).get();
  expect(read.companyName).toBe(5);
  expect(violations).toEqual([
    {
      method: 'GET',
      path: expect.stringContaining('/profiles/billing'),
      requestId: expect.any(String),
      correlationId: expect.any(String),
      problems: [{ path: '/companyName', message: 'must be string' }],
    },
  ]);
  const fine: ContractViolation[] = [];
  await billingWith({
    validate: 'report',
    validator: validateProfile,
    onContractViolation: (violation) => fine.push(violation),
    fetch: async () => jsonResponse(fakeProfile(5)),
  }).get();
  expect(fine).toEqual([]);
});

test('throw is a ContractError that names the places, not the values; of a write the outcome is unknown', async () => {
  const violations: unknown[] = [];
  const billing = billingWith({
    validate: 'throw',
    validator: validateProfile,
    onContractViolation: (violation) => violations.push(violation),
  });
  await expect(billing.get()).rejects.toThrow('the profile does not fit the contract: /companyName must be string');
  const error: unknown = await billing.update(fakeProfile(5)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ContractError);
  expect(error).toMatchObject({ outcome: 'unknown', status: 200 });
  expect(violations).toHaveLength(2);
});
