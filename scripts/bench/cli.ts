/** The start of the command line, built: what a person waits for before help appears. */
import { builtPackage, measureProcess, median } from './measure.ts';

const rounds = 21;
const main = `${builtPackage}/src/cli/main.js`;
const subjects = { 'node -e 0': ['-e', '0'], '--help': [main, '--help'], 'get --help': [main, 'get', '--help'] };

const names = Object.keys(subjects) as (keyof typeof subjects)[];
const wallMs = new Map(names.map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds; round += 1) {
  // Each begins as often as it ends.
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    wallMs.get(name)!.push((await measureProcess(...subjects[name])).wallMs);
  }
}
const [empty, ...others] = names.map((name) => ({ name, ms: median(wallMs.get(name)!) }));
console.log(`The start of the command line, built, median of ${rounds} rounds; ${empty!.name}: ${empty!.ms.toFixed(0)} ms`);
for (const { name, ms } of others) console.log(`  ${name}: ${ms.toFixed(0)} ms, ${(ms / empty!.ms).toFixed(2)} × ${empty!.name}`);
