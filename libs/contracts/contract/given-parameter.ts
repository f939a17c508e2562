import type { Money } from '#libs/kernel/money/index.js';
import type { AttestorKey, ParameterValue } from './release-contracts.js';

/** A parameter as a person gives it: amounts are amounts, whatever the template's compiler makes of them. */
export type GivenParameter = { readonly name: string } & (
  | { readonly amount: Money }
  | { readonly amounts: readonly Money[] }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly keys: readonly AttestorKey[] }
);

/** The same as the compiler reads it. */
export function parameterValueOf(given: GivenParameter): ParameterValue {
  if ('amount' in given) return given.amount.amount.toString();
  if ('amounts' in given) return given.amounts.map(({ amount }) => amount.toString());
  if ('keys' in given) return given.keys;
  return 'texts' in given ? given.texts : given.text;
}
