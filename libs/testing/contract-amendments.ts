/** Amendments of the small contract of contract-fixture.ts. */
import type { ContractCommand } from '#libs/contracts/domain/release-contract/index.js';
import type { ParameterValues, Template } from '#libs/contracts/domain/template/types.js';
import { ask, COURSE, hour, PARAMS } from './contract-fixture.js';

export const NEW_DOC = 'n'.repeat(64);

export const propose = (
  params: ParameterValues,
  template: Template = COURSE,
  change: object = {},
): ContractCommand =>
  ask('school', (change as { at?: ReturnType<typeof hour> }).at ?? hour(10), {
    kind: 'proposeAmendment',
    amendmentId: 'm',
    template,
    templateHash: 't'.repeat(64),
    params: Object.fromEntries(
      Object.entries({ ...PARAMS, ...params }).filter(([name]) => template.params[name]),
    ),
    reason: 'a new price',
    docHash: NEW_DOC,
    ...change,
  });
export const sign = (role: string, docHash = NEW_DOC, at = hour(11)): ContractCommand =>
  ask(role, at, {
    kind: 'signAmendment',
    amendmentId: 'm',
    role,
    signature: { keyId: `account:${role}`, alg: 'account', docHash, sig: '' },
  });
/** Signed by everybody who signs. */
export const both = [sign('school'), sign('payer')];
