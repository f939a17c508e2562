import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { asId, type BillId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import { localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { MESSAGE_SEALS, RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation, type MessageSeals } from '#libs/security/port/index.js';
import type { Page, Views } from '#libs/views/port/index.js';
import {
  MerchantCodeById,
  MerchantCodesOf,
  PaymentLinksOf,
  type MerchantCodeStatus,
  type MerchantCodeView,
  type PaymentLinkStatus,
  type PaymentLinkView,
} from '../contract/index.js';
import { linkCodeOf } from '../domain/payment-link/index.js';
import { newestFirst } from './newest-first.js';
import type { MerchantCodeRow, PaymentLinkRow, QrTables } from './qr-tables.js';

const NOTHING = { items: [], hasNextPage: false, totalCount: 0 } as const;

@QueryHandler(MerchantCodesOf)
export class MerchantCodesOfHandler implements IQueryHandler<MerchantCodesOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, organisationId, page }: MerchantCodesOf): Promise<Page<MerchantCodeView>> {
    const { caller } = context;
    // Not yours looks exactly like empty.
    if (!mayReadOrganisation(caller, organisationId)) return NOTHING;
    const at = this.runtime.clock.now();
    const found = await newestFirst<MerchantCodeRow>(
      this.views.database<QrTables>().selectFrom('merchant_code'),
      { tenant: caller.tenant, organisationId },
      page,
    );
    return {
      ...found,
      items: found.items.map(({ cursor, item }) => ({ cursor, item: codeViewOf(item, at) })),
    };
  }
}

@QueryHandler(MerchantCodeById)
export class MerchantCodeByIdHandler implements IQueryHandler<MerchantCodeById> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, id }: MerchantCodeById): Promise<MerchantCodeView | undefined> {
    const row = await this.views
      .database<QrTables>()
      .selectFrom('merchant_code')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row || !mayReadOrganisation(caller, asId(row.organisation_id))) return undefined;
    return codeViewOf(row, this.runtime.clock.now());
  }
}

@QueryHandler(PaymentLinksOf)
export class PaymentLinksOfHandler implements IQueryHandler<PaymentLinksOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly billing: BillPaymentSteps,
    @Inject(MESSAGE_SEALS) private readonly seals: MessageSeals,
  ) {}

  async execute({ context, organisationId, page }: PaymentLinksOf): Promise<Page<PaymentLinkView>> {
    const { caller } = context;
    // A link opens what it links to, so that only who may make one may read its code.
    if (!caller.roles.includes('bursar') || caller.organisation !== organisationId) return NOTHING;
    const found = await newestFirst<PaymentLinkRow>(
      this.views.database<QrTables>().selectFrom('payment_link'),
      { tenant: caller.tenant, organisationId },
      page,
    );
    const rows = found.items.map(({ item }) => item);
    const at = this.runtime.clock.now();
    const due = await this.#billsDue(caller.tenant, rows, at);
    const items = found.items.map(({ cursor, item }) => ({ cursor, item: this.#viewOf(item, at, due) }));
    return { ...found, items };
  }

  async #billsDue(
    tenant: Parameters<BillPaymentSteps['price']>[0],
    rows: readonly PaymentLinkRow[],
    at: Instant,
  ): Promise<ReadonlySet<BillId>> {
    const open = rows.filter((row) => statusOf(row, at) === 'OPEN');
    const prices = await this.billing.price(
      tenant,
      [...new Set(open.flatMap(({ bills }) => billsIn(bills)))],
      localDateOf(at),
    );
    const due = [...prices.values()].filter(
      ({ status, due: { amount } }) => (status === 'ISSUED' || status === 'PARTIALLY_PAID') && amount > 0n,
    );
    return new Set(due.map(({ billId }) => billId));
  }

  #viewOf(row: PaymentLinkRow, at: Instant, due: ReadonlySet<BillId>): PaymentLinkView {
    const bills = billsIn(row.bills);
    const status = statusOf(row, at);
    return {
      id: asId(row.id),
      organisationId: asId(row.organisation_id),
      status: status === 'OPEN' && !bills.some((billId) => due.has(billId)) ? 'USED_UP' : status,
      code: linkCodeOf(this.seals.seal(asId(row.tenant), 'paymentLink', row.seed)),
      bills,
      issuedAt: row.issued_at as Instant,
      expiresAt: row.expires_at as Instant,
    };
  }
}

function statusOf({ status, expires_at }: PaymentLinkRow, at: Instant): PaymentLinkStatus {
  return status === 'OPEN' && at >= expires_at ? 'EXPIRED' : (status as PaymentLinkStatus);
}

function codeViewOf(row: MerchantCodeRow, at: Instant): MerchantCodeView {
  const { status, expires_at, asset, amount_minor } = row;
  const expired = status === 'OPEN' && expires_at !== null && at >= expires_at;
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    kind: row.kind as MerchantCodeView['kind'],
    status: expired ? 'EXPIRED' : (status as MerchantCodeStatus),
    bills: billsIn(row.bills),
    amount: asset === null || amount_minor === null ? null : money(asset as Asset, amount_minor),
    expiresAt: expires_at as Instant | null,
    content: row.content,
    issuedAt: row.issued_at as Instant,
  };
}

function billsIn(json: string): readonly BillId[] {
  return JSON.parse(json) as readonly BillId[];
}
