import { ApprovalDecisions } from '#libs/approvals/application/index.js';
import { contractsWorld, type ContractsWorld } from './contracts-views-world.js';

/** Release contracts where decisions on approvals reach who waits for them. */
export function regionsWorld(): Promise<ContractsWorld> {
  return contractsWorld({ managers: [ApprovalDecisions] });
}
