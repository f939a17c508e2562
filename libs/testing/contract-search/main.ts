/**
 * Searches through contracts in a process of its own: `node main.js <file>`, where the file holds `{setups, depth, choices}`. Run over a
 * copy of the compiled domain in which one thing is wrong, it must find something. Prints what it has found as JSON.
 */
import { readFileSync } from 'node:fs';
import { contractDecider } from '#libs/contracts/domain/release-contract/index.js';
import type { Setup } from './setup.js';
import { Walker, type AnyDecider, type Breach } from './walk.js';

interface Task {
  readonly setups: readonly Setup[];
  readonly depth: number;
  /** Random histories, by the numbers of their moves. */
  readonly choices: readonly (readonly number[])[];
}

const [file = ''] = process.argv.slice(2);
const { setups, depth, choices } = JSON.parse(readFileSync(file, 'utf8')) as Task;
const breaches: Breach[] = [];
for (const setup of setups) {
  if (breaches.length > 0) break;
  const walker = new Walker(contractDecider as unknown as AnyDecider, setup);
  breaches.push(...walker.exhaust(depth).breaches);
  for (const each of choices) if (breaches.length === 0) breaches.push(...walker.follow(each).breaches);
}
process.stdout.write(JSON.stringify(breaches.slice(0, 3)));
