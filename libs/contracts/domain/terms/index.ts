export type * from './types.js';
export { compileTerms } from './compile.js';
export { amendedParameters, parametersOf, type AmendedParameters, type DraftedParameters } from './parameters-of.js';
export { invalidParameters, type InvalidParameters, type ParameterFault, type ParameterProblem } from './problems.js';
export { FORMS as PARAMETER_FORMS, parameterFault } from './read-parameter.js';
