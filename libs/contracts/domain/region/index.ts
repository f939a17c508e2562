import { CHINA } from './china.data.js';
import type { ParameterSet } from './messages.js';

export type * from './messages.js';
export { regionDecider, setOn, type KnownProposal, type RegionState } from './decider.js';

/** Regions that come with the product, for every tenant. */
export const BUILT_IN_REGIONS: ReadonlyMap<string, ParameterSet> = new Map([[CHINA.region, CHINA]]);
