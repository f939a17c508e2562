export type * from './types.js';
export type { FindingCode, LintFinding } from './findings.js';
export { lintTemplate } from './lint.js';
export type { EvidenceShapes } from './lint-attestors.js';
