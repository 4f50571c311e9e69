// More than this is no help.
const nearLimit = 5;

/** The names that a typed text may stand for: a few letters away, or containing it. The nearest first, five at most. */
export function nearestTo(typed: string, names: readonly string[]): string[] {
  const wanted = typed.toLowerCase().replaceAll('*', '').replace(/\.$/, '');
  if (wanted === '') return [];
  return names
    .map((name) => [name, nearness(wanted, name)] as const)
    .filter(([, letters]) => letters <= Math.max(wanted.length < 4 ? 1 : 2, wanted.length / 4))
    .toSorted(([, one], [, other]) => one - other)
    .slice(0, nearLimit)
    .map(([name]) => name);
}

/** How many letters a name, or the part of an id after the topic, differs by. Part of a name is nearly the name. */
function nearness(wanted: string, name: string): number {
  const [, aim = name] = name.split('.');
  const differing = Math.min(lettersBetween(wanted, name), lettersBetween(wanted, aim));
  return wanted.length > 3 && name.includes(wanted) ? Math.min(differing, 0.5) : differing;
}

/** How many letters have to be added, removed or replaced to make one text of another. Source: Levenshtein, 1966 */
function lettersBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let index = 1; index <= other.length; index += 1) {
      const replaced = row[index - 1]! + (letter === other[index - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[index]! + 1, next[index - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
