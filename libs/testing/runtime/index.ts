export { manualRuntime, seededRng, sequentialIds } from './manual-runtime.js';
export type { ManualRuntime, ManualRuntimeOptions } from './manual-runtime.js';
