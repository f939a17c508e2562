import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { type GivenParameter, parameterValueOf } from '../../contract/given-parameter.js';
import type { ParameterValue, ParameterValues, Template } from '../../contract/release-contracts.js';

const NAME = /^[a-zA-Z][a-zA-Z0-9]{0,63}$/;
const MOST_PARAMETERS = 100;

type Reading = Outcome<ParameterValues, Rejection<'INVALID_PARAMETERS'>>;

/**
 * What a person has given as the template's compiler reads it. An amount is given as an amount and nothing else is: 5000 must
 * not be taken for yuan here and for fen there. Everything else about values is the compiler's to judge.
 *
 * @throws InvalidInputError `INVALID_PARAMETER_LIST` for a name that is none, twice the same, or too many
 */
export function parameterValuesOf({ params, asset }: Template, given: readonly GivenParameter[]): Reading {
  assertNames(given);
  const values: Record<string, ParameterValue> = {};
  for (const parameter of given) {
    const { name } = parameter;
    const type = Object.hasOwn(params, name) ? params[name]?.type : undefined;
    const wantsAmount = type === 'amount' || type === 'amounts';
    const isAmount = 'amount' in parameter || 'amounts' in parameter;
    if (type !== undefined && wantsAmount !== isAmount) {
      return malformed(name, wantsAmount ? `an amount of ${asset}` : `no amount but a ${type}`);
    }
    const amounts = amountsIn(parameter);
    if (amounts.some((amount) => amount.asset !== asset)) return malformed(name, `an amount of ${asset}`);
    values[name] = parameterValueOf(parameter);
  }
  return { accepted: true, value: values };
}

function assertNames(given: readonly GivenParameter[]): void {
  const names = new Set(given.map(({ name }) => name));
  const sound = given.length <= MOST_PARAMETERS && names.size === given.length;
  if (sound && given.every(({ name }) => NAME.test(name))) return;
  const message = `Parameters are named once each, at most ${MOST_PARAMETERS}.`;
  throw new InvalidInputError('INVALID_PARAMETER_LIST', message, ['input', 'parameters']);
}

function amountsIn(parameter: GivenParameter) {
  if ('amount' in parameter) return [parameter.amount];
  return 'amounts' in parameter ? parameter.amounts : [];
}

function malformed(parameter: string, allowed: string): Reading {
  const details = { parameter, fault: 'MALFORMED', allowed };
  const path = ['input', 'parameters', parameter];
  const message = `"${parameter}" is to be given as ${allowed}.`;
  return { accepted: false, rejection: { code: 'INVALID_PARAMETERS', message, path, details } };
}
