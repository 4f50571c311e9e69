/**
 * Where a change stands, as a person says it: `CustomerBillingProfile.email`, `the header MS-CV of response 200 of GET`.
 *
 * Shape: JSON pointers. `path` follows the document with references resolved; `pointer` is where the text stands, which names what is shared.
 */
export function placeInWords(path: string, pointer: string, value: unknown): string {
  const stands = partsOf(pointer);
  const [root, kind, name, ...inner] = stands;
  if (root === 'components' && kind === 'schemas') return schemaInWords(stands.slice(2));
  if (root === 'components' && kind !== undefined && name !== undefined)
    return withinWords(`the shared ${kind.slice(0, -1)} ${name}`, inner);
  const [first, , method, ...rest] = partsOf(path);
  if (first === 'servers' && isServer(value)) return `the server ${value.url}`;
  if (first !== 'paths') return partsOf(path).join('/') || 'the contract';
  if (method === undefined) return `the path ${partsOf(path)[1]}`;
  if (!/^(?:get|put|post|patch|delete|head|options|trace)$/.test(method)) return inOperation([method, ...rest], 'every operation');
  return inOperation(rest, method.toUpperCase());
}

const partsOf = (pointer: string): string[] =>
  pointer
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const isServer = (value: unknown): value is { url: string } => typeof value === 'object' && value !== null && 'url' in value;

function schemaInWords([name, ...rest]: string[]): string {
  const members = rest.filter((part, index) => rest[index - 1] === 'properties' || !/^(?:properties|required|type)$/.test(part));
  return [name, ...members].join('.');
}

function inOperation([part, name, ...rest]: string[], operation: string): string {
  if (part === undefined) return operation;
  if (part === 'responses' && name !== undefined) return `${withinWords(`response ${name}`, rest)} of ${operation}`;
  if (part === 'requestBody') return `${withinWords('the request', name === undefined ? [] : [name, ...rest])} of ${operation}`;
  if (part === 'parameters' && name !== undefined) return `the parameter ${name} of ${operation}`;
  return `${[part, name, ...rest].filter((one) => one !== undefined).join('/')} of ${operation}`;
}

/** A header or a body of a message. */
function withinWords(message: string, [part, name]: string[]): string {
  if (part === 'headers' && name !== undefined) return `the header ${name} of ${message}`;
  if (part === 'content') return name === undefined ? `the body of ${message}` : `the ${name} body of ${message}`;
  return message;
}
