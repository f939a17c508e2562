import { unitsOf, type Contracts } from './contracts.js';
import {
  amountOf,
  type ExportedEvent,
  idIn,
  isRecord,
  minorOf,
  nameOf,
  recordsOf,
  textOf,
} from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

/** A share of a release or refund that has to be carried on. */
export interface FoldedPayout {
  readonly contractId: string;
  readonly tenant: string;
  readonly asset: string;
  readonly payoutId: string;
  readonly role: string;
  readonly minor: bigint;
  /** `wallet:<id>`, `contract:<id>` or `origin`. */
  readonly onTo: string;
  /** Arrived, or on its way as a refund of its own. */
  delivered: bigint;
  /** Of one that goes back: which deposits it goes back to. */
  plan: readonly Part[] | undefined;
}

interface Part {
  readonly paymentId: string;
  readonly contractId: string;
  readonly minor: bigint;
  delivered: boolean;
}

/** What contracts pay out: every share is carried on once, to where its split says, and back only where money came from. */
export class Payouts {
  readonly verdict = new Verdict('payouts', 'a share of a payout arrives once, where its split says');
  readonly payouts: FoldedPayout[] = [];
  /** By where they go on to, and by the payout they are shares of. */
  readonly #to = new Map<string, readonly FoldedPayout[]>();
  readonly #of = new Map<string, readonly FoldedPayout[]>();
  readonly #byId = new Map<string, FoldedPayout>();
  /** `contract payment` or `contract contract` → what has gone back there. */
  readonly #returned = new Map<string, bigint>();

  constructor(
    private readonly contracts: Contracts,
    private readonly payments: Payments,
  ) {}

  observe(event: ExportedEvent): void {
    switch (nameOf(event.type)) {
      case 'FundsReleased':
      case 'FundsRefunded':
        return this.#paidOut(event);
      case 'ContractReturnPlanned':
        return this.#planned(event);
      case 'WalletCredited':
        return this.#credited(event);
      case 'RefundRequested':
        return this.#refunded(event);
      case 'FundsDeposited':
        return this.#deposited(event);
    }
  }

  /** Of the clearing account: what has not arrived. */
  underWay(tenant: string, asset: string, clearing: 'payout' | 'funding'): bigint {
    let sum = 0n;
    for (const payout of this.payouts) {
      if (payout.tenant !== tenant || payout.asset !== asset) continue;
      const { onTo, minor, delivered, plan } = payout;
      const toContracts = (plan ?? []).filter(({ contractId }) => contractId !== '');
      const waiting = sumOf(toContracts.filter((part) => !part.delivered));
      if (clearing === 'funding') sum += onTo.startsWith('contract:') ? minor - delivered : waiting;
      else if (!onTo.startsWith('contract:')) sum += minor - delivered - waiting;
    }
    return sum;
  }

  #paidOut(event: ExportedEvent): void {
    const contractId = idIn('contract', event.stream);
    if (contractId === undefined) return;
    const payoutId = textOf(event.data['releaseId']) || textOf(event.data['refundId']);
    const seen = new Map<string, number>();
    for (const split of recordsOf(event.data['splits'])) {
      const named = textOf(split['role']);
      const before = seen.get(named) ?? 0;
      seen.set(named, before + 1);
      const onTo = textOf(split['onTo']);
      const minor = unitsOf(split['amount']);
      const account = textOf(split['account']);
      const through = onTo.startsWith('contract:') ? 'clearing:funding' : 'clearing:payout';
      const fits = onTo === '' ? !account.startsWith('clearing:') : account === through;
      this.verdict.expect(fits, () => `${at(event)}: ${minor} to ${account}, on to ${onTo || 'nowhere'}`);
      if (onTo === '' || minor === 0n) continue;
      const role = before === 0 ? named : `${named}.${before}`;
      const asset = textOf(event.data['asset']);
      const tenant = textOf(event.metadata['tenant']);
      const place = { contractId, tenant, asset, payoutId, role };
      const payout = { ...place, minor, onTo, delivered: 0n, plan: undefined };
      this.verdict.expect(!this.#byId.has(`${payoutId} ${role}`), () => `${at(event)}: ${payoutId} again`);
      this.#byId.set(`${payoutId} ${role}`, payout);
      this.payouts.push(payout);
      this.#to.set(onTo, [...(this.#to.get(onTo) ?? []), payout]);
      this.#of.set(payoutId, [...(this.#of.get(payoutId) ?? []), payout]);
    }
  }

  #planned(event: ExportedEvent): void {
    const { data } = event;
    const payout = this.#byId.get(`${textOf(data['payoutId'])} ${textOf(data['role'])}`);
    const parts = recordsOf(data['parts']).map((part): Part => {
      const origin = isRecord(part['origin']) ? part['origin'] : {};
      const paymentId = textOf(origin['paymentId']);
      const contractId = textOf(origin['contractId']);
      return { paymentId, contractId, minor: minorOf(part['amount']), delivered: false };
    });
    const all = sumOf(parts) + minorOf(data['unknown']);
    const own = payout?.onTo === 'origin' && payout.plan === undefined;
    this.verdict.expect(
      own && all === payout.minor && payout.contractId === idIn('contractOrigins', event.stream),
      () => `${at(event)}: ${all} go back, ${payout?.minor ?? 'nothing'} was paid out`,
    );
    if (!payout) return;
    payout.plan = parts;
    for (const part of parts) this.#goesBack(payout, part, event);
  }

  /** Never more to an origin than came from it. */
  #goesBack({ contractId }: FoldedPayout, part: Part, event: ExportedEvent): void {
    const origin = part.paymentId || part.contractId;
    const key = `${contractId} ${origin}`;
    const back = (this.#returned.get(key) ?? 0n) + part.minor;
    this.#returned.set(key, back);
    const came = sumOf(
      this.contracts.contracts
        .get(contractId)
        ?.deposits.filter(({ paymentId, fromContract }) => (paymentId || fromContract) === origin) ?? [],
    );
    this.verdict.expect(back <= came, () => `${at(event)}: ${back} back to ${origin}, ${came} came from it`);
  }

  #credited(event: ExportedEvent): void {
    if (event.data['source'] !== 'clearing:payout') return;
    const amount = amountOf(event.data['amount']);
    const wallet = `wallet:${idIn('wallet', event.stream) ?? ''}`;
    const payout = this.#to
      .get(wallet)
      ?.find(
        ({ minor, asset, delivered }) =>
          delivered === 0n && minor === amount?.minor && asset === amount.asset,
      );
    this.verdict.expect(
      payout !== undefined,
      () => `${at(event)}: ${amount?.minor} that no contract paid out`,
    );
    if (payout) payout.delivered = payout.minor;
  }

  #refunded(event: ExportedEvent): void {
    if (event.data['refundKind'] !== 'contract') return;
    const of = isRecord(event.data['payout']) ? event.data['payout'] : {};
    const payout = this.#byId.get(`${textOf(of['payoutId'])} ${textOf(of['role'])}`);
    const paymentId = textOf(event.data['paymentId']);
    const minor = minorOf(event.data['amount']);
    const part = payout?.plan?.find((one) => one.paymentId === paymentId && !one.delivered);
    const funds = this.payments.payments.get(paymentId)?.funds;
    this.verdict.expect(
      payout !== undefined && part?.minor === minor && funds === payout.contractId,
      () => `${at(event)}: ${minor} back to payment ${paymentId}, which no payout of a contract owes it`,
    );
    if (payout && part) this.#arrived(payout, part);
  }

  #deposited(event: ExportedEvent): void {
    const contractId = idIn('contract', event.stream);
    const source = isRecord(event.data['source']) ? event.data['source'] : {};
    if (contractId === undefined || source['kind'] !== 'contract') return;
    const minor = unitsOf(event.data['amount']);
    const releaseId = textOf(source['releaseId']);
    const own = (this.#of.get(releaseId) ?? []).filter(
      (payout) => payout.contractId === source['contractId'],
    );
    const direct = own.find(
      (payout) =>
        payout.onTo === `contract:${contractId}` && payout.delivered === 0n && payout.minor === minor,
    );
    if (direct) direct.delivered = minor;
    const back = own.flatMap((payout) =>
      (payout.plan ?? []).flatMap((part) =>
        part.contractId === contractId && !part.delivered && part.minor === minor ? [{ payout, part }] : [],
      ),
    )[0];
    this.verdict.expect(
      direct !== undefined || back !== undefined,
      () => `${at(event)}: ${minor} that ${releaseId} has not paid to it`,
    );
    if (!direct && back) this.#arrived(back.payout, back.part);
  }

  #arrived(payout: FoldedPayout, part: Part): void {
    part.delivered = true;
    payout.delivered += part.minor;
  }
}

function sumOf(parts: readonly { readonly minor: bigint }[]): bigint {
  return parts.reduce((sum, { minor }) => sum + minor, 0n);
}
