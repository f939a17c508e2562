import { CHINA } from './china.data.js';
import type { ParameterSet } from './messages.js';

/** Regions that come with the product, for every tenant. */
export const BUILT_IN_REGIONS: ReadonlyMap<string, ParameterSet> = new Map([[CHINA.region, CHINA]]);
