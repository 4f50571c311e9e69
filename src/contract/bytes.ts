/** How much of a body is read: a profile has about a kilobyte. */
export const bodyLimitBytes = 4 * 1024 * 1024;
/** How much of the body of a refusal a client reads: the documented ones have less than a kilobyte. */
export const refusalLimitBytes = 16 * 1024;

/** The bytes of a body, or undefined when there are more than the limit; the rest is then not read. */
export async function readBytes(body: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks);
    chunks.push(value);
    sizeBytes += value.length;
    if (sizeBytes > limitBytes) {
      // Not awaited: a stream may never say that it has stopped.
      reader.cancel().catch(() => {});
      return undefined;
    }
  }
}

/** The bytes of all chunks, in their order. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sizeBytes, chunk) => sizeBytes + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** FNV-1a, 64 bits: spreads texts evenly, protects nothing. */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
