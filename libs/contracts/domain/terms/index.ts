export type * from './types.js';
export { compileTerms } from './compile.js';
export {
  amendedParameters,
  parametersOf,
  type AmendedParameters,
  type DraftedParameters,
} from './parameters-of.js';
export type { InvalidParameters, ParameterFault } from './problems.js';
export { parameterFault } from './read-parameter.js';
