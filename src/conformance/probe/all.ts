/**
 * As `Promise.all`, but it ends when all have: nothing may be on its way any more when the next check begins, or the profile is put back.
 *
 * Errors: the first of theirs.
 */
export async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
