import { describe, expect, test } from 'vitest';
import contract from '../../generated/openapi.json' with { type: 'json' };
import { behaviourPresets, createMockService } from '../../src/mock/index.ts';

type Operation = (typeof contract.paths)[keyof typeof contract.paths]['get' | 'put'];
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: string;
}

const [[path, item]] = Object.entries(contract.paths) as [[string, (typeof contract.paths)[keyof typeof contract.paths]]];
const { parameters } = contract.components;

/** The request that a tool makes of an operation when it is imported: every example that stands there, on the server that is chosen. */
function imported(method: 'get' | 'put', server: string): Request {
  const operation: Operation = item[method];
  const all = [...item.parameters, ...('parameters' in operation ? operation.parameters : [])].map(
    ({ $ref }) => parameters[$ref.split('/').at(-1) as keyof typeof parameters] as Parameter,
  );
  const missing = all.filter(({ required, example }) => required === true && example === undefined).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`No example: ${missing.join(', ')}`);
  const url = all.reduce((text, { name, in: place, example }) => (place === 'path' ? text.replace(`{${name}}`, example!) : text), path);
  const headers = Object.fromEntries(
    all.flatMap(({ name, in: place, example }) => (place === 'header' && example !== undefined ? [[name, example]] : [])),
  );
  const body = method === 'put' ? JSON.stringify(item.put.requestBody.content['application/json'].examples.documented.value) : undefined;
  return new Request(server + url, {
    method: method.toUpperCase(),
    headers: { ...headers, Authorization: 'Bearer mock-token', ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
}

describe.each(['documented', 'observed'] as const)('on a mock with the behaviour %s, an imported', (behaviour) => {
  const mock = 'http://mock.localhost';

  test('GET is answered with its documented example', async () => {
    const response = await createMockService({
      behaviour: { ...behaviourPresets[behaviour], byteOrderMark: false, linkPrefix: '/v1' },
    }).fetch(imported('get', mock));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(item.get.responses['200'].content['application/json'].examples.documented.value);
  });

  test('PUT works, once, and is answered with its documented example', async () => {
    const service = createMockService({ behaviour: { ...behaviourPresets[behaviour], byteOrderMark: false, linkPrefix: '/v1' } });
    const response = await service.fetch(imported('put', mock));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(item.put.responses['200'].content['application/json'].examples.documented.value);
    expect((await service.fetch(imported('put', mock))).status).toBe(behaviour === 'documented' ? 412 : 400);
  });
});

test('the servers: production first, the mock last, each with what a PUT there does', () => {
  expect(contract.servers[0]!.url).toBe('https://api.partnercenter.microsoft.com');
  expect(contract.servers.at(-1)!.url).toBe('http://127.0.0.1:4010');
  for (const { description } of contract.servers) expect(description.replaceAll('\n', ' ')).toMatch(/\bPUT here changes\b/);
});

test('that camelCase is taken too is said where it is inferred', () => {
  const { description } = item.put.requestBody;
  expect(description.split('**Inferred**')[1]).toContain('camelCase');
  expect(contract.components.schemas.CustomerBillingProfileUpdate.description.split('**Inferred**')[1]).toContain('camelCase');
});
