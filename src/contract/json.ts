// Json.NET, on which the service is built, stops at 64 too by default; deeper nesting could exhaust the stack of a reader.
const depthLimit = 64;

/** Parses JSON, a leading byte order mark or not; undefined when the text is not JSON or is nested more than 64 deep. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isTooDeep(value: unknown, limit = depthLimit): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((member) => isTooDeep(member, limit - 1));
}

/** Whether a JSON value is an object, neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * A JSON value with a patch: objects are merged, null removes a member, and undefined leaves it alone. The argument is not changed.
 *
 * Source: RFC 7396, section 2
 */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(isJsonObject(value) ? value : {}));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name);
    else if (change !== undefined) merged.set(name, mergePatch(merged.get(name), change));
  }
  return Object.fromEntries(merged);
}

/** Sets a member; unlike assignment this keeps one that is named `__proto__` a member. */
export function setMember(object: object, name: string, value: unknown): void {
  // Assignment is ten times as fast.
  if (name !== '__proto__') (object as Record<string, unknown>)[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
