import type { BenchCase } from '../row.js';
import { attest } from './contracts/attest.js';
import { massRefund } from './contracts/mass-refund.js';
import { rules } from './contracts/rules.js';

/** Release contracts: the rules alone, evidence over HTTP, and the closing of an institution. One after the other. */
export const contracts: BenchCase = async (options) => [
  ...(await rules(options)),
  ...(await attest(options)),
  ...(await massRefund(options)),
];
