import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Template, Words } from '../template/types.js';

/**
 * Why a parameter cannot be taken.
 *
 * `allowed` beside it: the bound, the form with an example, or the other value of a check.
 */
export type ParameterFault =
  | 'MISSING'
  /** The template has no such parameter. */
  | 'UNKNOWN'
  /** The region sets it, not whoever drafts. */
  | 'SET_BY_REGION'
  /** The region's parameter set of the day has no value for it. */
  | 'NOT_SET_BY_REGION'
  | 'MALFORMED'
  | 'TOO_SMALL'
  | 'TOO_LARGE'
  | 'REPEATED'
  | 'TOO_EARLY'
  | 'TOO_LATE'
  | 'NOT_ENOUGH_KEYS'
  /** One of the template's `checks`; `text` says it in words. */
  | 'CHECK_FAILED'
  /** The template itself uses the parameter wrongly; publishing refuses such templates. */
  | 'WRONG_TYPE';

export interface ParameterProblem {
  /** Name of the parameter; a path in the template (`rules/lesson/amount`) where a literal or a combination is at fault. */
  readonly parameter: string;
  readonly fault: ParameterFault;
  /** As given, cut to 80 characters. */
  readonly given?: string;
  readonly allowed?: string;
  readonly text?: Words;
}

export type InvalidParameters = Rejection<'INVALID_PARAMETERS'>;

const LONGEST_LIST = 20;

/**
 * The first problem in full and the others by name: `details` has `parameter`, `fault`, `given`, `allowed`, the parameter's title
 * and the check's sentence in both languages (`title.zh-CN`, `text.en-US`), and `others` as `lessons:MISSING total:TOO_LARGE`.
 */
export function invalidParameters(
  template: Pick<Template, 'params'>,
  problems: readonly [ParameterProblem, ...ParameterProblem[]],
): InvalidParameters {
  const [first, ...others] = problems;
  const { parameter, fault, given, allowed, text } = first;
  const title = Object.hasOwn(template.params, parameter) ? template.params[parameter]!.title : undefined;
  const details = {
    parameter,
    fault,
    ...(given !== undefined && { given }),
    ...(allowed !== undefined && { allowed }),
    ...(title && { 'title.zh-CN': title['zh-CN'], 'title.en-US': title['en-US'] }),
    ...(text && { 'text.zh-CN': text['zh-CN'], 'text.en-US': text['en-US'] }),
    ...(others.length > 0 && {
      others: others
        .slice(0, LONGEST_LIST)
        .map((other) => `${other.parameter}:${other.fault}`)
        .join(' '),
    }),
  };
  const message = `${inWords(first)}${others.length > 0 ? ` ${others.length} more.` : ''}`;
  return { code: 'INVALID_PARAMETERS', message, path: ['input', 'params', parameter], details };
}

function inWords({ parameter, fault, given, allowed, text }: ParameterProblem): string {
  if (text) return `${text['en-US']} (${parameter})`;
  const what = given === undefined ? `"${parameter}"` : `"${parameter}" = ${given}`;
  return `${what}: ${SENTENCES[fault]}${allowed === undefined ? '' : ` Allowed: ${allowed}.`}`;
}

const SENTENCES: Readonly<Record<ParameterFault, string>> = {
  MISSING: 'is needed.',
  UNKNOWN: 'is no parameter of the template.',
  SET_BY_REGION: 'is set by the region.',
  NOT_SET_BY_REGION: 'is to be set by the region, which has no value for that day.',
  MALFORMED: 'is not written as it must be.',
  TOO_SMALL: 'is too small.',
  TOO_LARGE: 'is too large.',
  REPEATED: 'names the same thing twice.',
  TOO_EARLY: 'is too early.',
  TOO_LATE: 'is too late.',
  NOT_ENOUGH_KEYS: 'has fewer keys than must sign.',
  CHECK_FAILED: 'does not meet a condition of the template.',
  WRONG_TYPE: 'is of a type that cannot stand there.',
};
