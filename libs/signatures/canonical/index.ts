export { NotCanonical, canonicalJson } from './canonical-json.js';
export type { CanonicalLimits } from './canonical-json.js';
export { keyIdOf } from './key-id.js';
export { sha256Hex } from './sha256.js';
export { NotStrictJson, parseStrictJson } from './strict-json.js';
export type { StrictJsonLimits } from './strict-json.js';
