import type { Outcome } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ParameterValue, ParameterValues, Template } from '../template/types.js';
import { readTerms } from './compile.js';
import { invalidParameters, type InvalidParameters, type ParameterProblem } from './problems.js';
import { placeOf } from './scope.js';

export interface DraftedParameters {
  /** Of the `instance` parameters. */
  readonly given: ParameterValues;
  /** The region's values for this template on the day of drafting; those that the template does not ask for are left out. */
  readonly regional: ParameterValues;
  /** Now: a contract is not drafted that could no longer be funded. */
  readonly at: Instant;
}

/**
 * All parameters of a new contract: what was given and what the region sets. They are refused where one is missing, unknown,
 * malformed, out of its bounds, where a check of the template fails, or the last moment to fund has passed.
 */
export function parametersOf(
  template: Template,
  { given, regional, at }: DraftedParameters,
): Outcome<ParameterValues, InvalidParameters> {
  const { params, problems } = joined(template, given, regional);
  const read = readTerms(template, '', params);
  const missing = new Set(problems.map(({ parameter }) => parameter));
  const others = read.problems.filter(({ parameter }) => !missing.has(parameter));
  const found = [...problems, ...others];
  const { by } = read.terms.funding;
  if (found.length === 0 && by <= at) {
    const parameter = placeOf(template.funding.by, 'funding/by');
    found.push({ parameter, fault: 'TOO_EARLY', given: by, allowed: `> ${at}` });
  }
  return outcomeOf(template, params, found);
}

export interface AmendedParameters {
  /** All parameters that hold now. */
  readonly current: ParameterValues;
  /** `instance` parameters that change; the others stay. */
  readonly changed: ParameterValues;
  /** For parameters that the version so far did not have; those it had stay as they were on the day of drafting. */
  readonly regional: ParameterValues;
}

/** All parameters of a contract under other terms, of the same or another version of its template. */
export function amendedParameters(
  template: Template,
  { current, changed, regional }: AmendedParameters,
): Outcome<ParameterValues, InvalidParameters> {
  const still = Object.entries(current).filter(([name]) => Object.hasOwn(template.params, name));
  const kept = (region: boolean) =>
    Object.fromEntries(still.filter(([name]) => (template.params[name]!.from === 'region') === region));
  const { params, problems } = joined(
    template,
    { ...kept(false), ...changed },
    { ...regional, ...kept(true) },
  );
  const others = problems.length > 0 ? [] : readTerms(template, '', params).problems;
  return outcomeOf(template, params, [...problems, ...others]);
}

function joined(template: Template, given: ParameterValues, regional: ParameterValues) {
  const params: Record<string, ParameterValue> = {};
  const problems: ParameterProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(template.params, name) ? template.params[name]! : undefined;
    if (!parameter) problems.push({ parameter: name.slice(0, 80), fault: 'UNKNOWN' });
    else if (parameter.from === 'region') problems.push({ parameter: name, fault: 'SET_BY_REGION' });
    else params[name] = value;
  }
  for (const [name, parameter] of Object.entries(template.params)) {
    if (parameter.from !== 'region') continue;
    const value = Object.hasOwn(regional, name) ? regional[name] : undefined;
    if (value === undefined) problems.push({ parameter: name, fault: 'NOT_SET_BY_REGION' });
    else params[name] = value;
  }
  return { params, problems };
}

function outcomeOf(
  template: Template,
  params: ParameterValues,
  [first, ...others]: readonly ParameterProblem[],
): Outcome<ParameterValues, InvalidParameters> {
  if (first) return { accepted: false, rejection: invalidParameters(template, [first, ...others]) };
  return { accepted: true, value: params };
}
