import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import type { AccountPath } from '#libs/kernel/money/index.js';
import { WalletsOf } from '#libs/payments/contract/index.js';
import { hasRole, mayReadOrganisation, type RequestContext } from '#libs/security/port/index.js';

const PATH = /^[a-z]+(:[A-Za-z0-9._-]{1,80}){0,3}$/;
const PREFIX = /^[A-Za-z0-9._:-]{0,320}$/;

/** Beginnings of account paths; `''` is all of them. None is the beginning of another. */
export type Scopes = readonly string[];

/** @throws InvalidInputError `INVALID_ACCOUNT` */
export function assertAccount(account: string): void {
  if (!PATH.test(account))
    throw new InvalidInputError('INVALID_ACCOUNT', 'An account is a path such as org:<id>:payable.', [
      'account',
    ]);
}

/** What of the scopes begins with the prefix. @throws InvalidInputError `INVALID_ACCOUNT` */
export function narrowed(scopes: Scopes, prefix: string): Scopes {
  if (!PREFIX.test(prefix))
    throw new InvalidInputError('INVALID_ACCOUNT', 'A prefix is the beginning of an account path.', [
      'prefix',
    ]);
  return scopes
    .filter((scope) => scope.startsWith(prefix) || prefix.startsWith(scope))
    .map((scope) => (scope.startsWith(prefix) ? scope : prefix))
    .toSorted();
}

/** Whose accounts the caller may see. Not yours looks exactly like not there. */
@Injectable()
export class VisibleAccounts {
  constructor(@Inject(QueryBus) private readonly queries: Pick<QueryBus, 'execute'>) {}

  async of(context: RequestContext): Promise<Scopes> {
    const { caller } = context;
    if (caller.organisation === undefined && hasRole(caller, ['auditor', 'ops'])) return [''];
    const { organisation } = caller;
    const isStaff = organisation !== undefined && mayReadOrganisation(caller, organisation);
    const wallets = caller.roles.includes('payer') ? await this.queries.execute(new WalletsOf(context)) : [];
    return [...(isStaff ? [`org:${organisation}:`] : []), ...wallets.map(({ id }) => `wallet:${id}`)];
  }
}

export function isIn(scopes: Scopes, account: AccountPath): boolean {
  return scopes.some((scope) => account.startsWith(scope));
}

/** A merchant learns of the payment, never of the wallet behind it. */
export function shownTo(scopes: Scopes, account: AccountPath): AccountPath | null {
  return !account.startsWith('wallet:') || isIn(scopes, account) ? account : null;
}

/** Streams of wallets are called `wallet-<id>`, their accounts `wallet:<id>`. */
export function streamShownTo(scopes: Scopes, stream: string): string | null {
  const wallet = /^wallet-(.+)$/.exec(stream)?.[1];
  return wallet === undefined || isIn(scopes, `wallet:${wallet}`) ? stream : null;
}
