import type { Split } from '#libs/contracts/contract/release-contracts.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import { asId, type ContractId, type OrganisationId, type TenantId } from '#libs/kernel/ids/index.js';
import { money, type Asset, type Money } from '#libs/kernel/money/index.js';

/** A split of a release or refund that has to be carried on to where it goes. */
export interface Payout {
  readonly contractId: ContractId;
  readonly tenant: TenantId;
  /** In whose name the contract is made, where the event says so. */
  readonly organisationId: OrganisationId | undefined;
  /** The contract's `releaseId` or `refundId`. */
  readonly payoutId: string;
  readonly role: string;
  readonly amount: Money;
  readonly destination: Destination;
  readonly correlationId: string;
  readonly causationId: string;
}

export type Destination =
  | { readonly kind: 'wallet'; readonly walletId: string }
  | { readonly kind: 'contract'; readonly contractId: ContractId }
  /** Back to where the contract's money came from. */
  | { readonly kind: 'origin' };

/** What is read of the contracts' `FundsReleased` and `FundsRefunded`. */
interface PaidOut {
  readonly contractId: ContractId;
  readonly asset: Asset;
  readonly releaseId?: string;
  readonly refundId?: string;
  readonly splits: readonly Split[];
}

/** The splits that do not lie at their payees' accounts already. */
export function payoutsOf({ event, id, metadata }: DecodedEvent): readonly Payout[] {
  const { contractId, asset, releaseId, refundId, splits } = event.data as PaidOut;
  const payoutId = releaseId ?? refundId;
  if (payoutId === undefined) throw new Error(`${event.type} of contract ${contractId} has no id.`);
  const seen = new Map<string, number>();
  return splits.flatMap(({ role, amount, onTo }): readonly Payout[] => {
    const before = seen.get(role) ?? 0;
    seen.set(role, before + 1);
    if (onTo === undefined || amount <= 0n) return [];
    return [
      {
        contractId,
        tenant: asId<'tenant'>(metadata.tenant),
        organisationId:
          metadata.organisation === undefined ? undefined : asId<'organisation'>(metadata.organisation),
        payoutId,
        // One role may have several shares; each is a payout of its own.
        role: before === 0 ? role : `${role}.${before}`,
        amount: money(asset, amount),
        destination: destinationOf(onTo),
        correlationId: metadata.correlationId,
        causationId: id,
      },
    ];
  });
}

function destinationOf(onTo: string): Destination {
  const [kind, id] = onTo.split(':');
  if (kind === 'origin') return { kind };
  if (kind === 'wallet' && id) return { kind, walletId: id };
  if (kind === 'contract' && id) return { kind, contractId: asId<'contract'>(id) };
  throw new Error(`A payout goes on to ${onTo}.`);
}

/** The same payout, or the same part of it, has the same id, whoever carries it on and however often. */
export function payoutIdOf({ payoutId, role }: Payout, ...part: readonly string[]): string {
  return deriveUuid(UUID_NAMESPACES.entity, 'contractPayout', payoutId, role, ...part);
}

const RETURN = 'return-';

/** `payout-<id>`, or `return-<id>` for money that a contract gives back to the one it came from. */
export function depositIdOf(payout: Payout, part: string | undefined): string {
  return part === undefined ? `payout-${payoutIdOf(payout)}` : `${RETURN}${payoutIdOf(payout, part)}`;
}

/** Whether the deposit is the contract's own money come home: it goes back to where it came from in the first place. */
export function isReturn(depositId: string): boolean {
  return depositId.startsWith(RETURN);
}

export function commandIdOf(payout: Payout, step: string, ...part: readonly string[]): string {
  return deriveUuid(UUID_NAMESPACES.command, 'contractPayout', payout.payoutId, payout.role, step, ...part);
}
