/** Codes and links around one log, without views: for specs that scan, edit, race and crash. */
import type { QueryBus } from '@nestjs/cqrs';
import type { EventLog } from '#libs/event-log/port/index.js';
import { asId, type BillId, type OrganisationId, type TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import { ChargePayerCodeHandler } from '#libs/payments/application/qr/charge-payer-code.js';
import { CreatePaymentLinkHandler } from '#libs/payments/application/qr/create-payment-link.js';
import { IssueMerchantCodeHandler } from '#libs/payments/application/qr/issue-merchant-code.js';
import { MerchantCodes } from '#libs/payments/application/qr/merchant-codes.js';
import { OrganisationNames } from '#libs/payments/application/qr/organisation-names.js';
import { PayMerchantCodeHandler } from '#libs/payments/application/qr/pay-merchant-code.js';
import { PayerCodes } from '#libs/payments/application/qr/payer-codes.js';
import { PaymentLinkByCodeHandler } from '#libs/payments/application/qr/payment-link-by-code.js';
import { ReadMerchantCodeHandler } from '#libs/payments/application/qr/read-merchant-code.js';
import { ShowPayerCodeHandler } from '#libs/payments/application/qr/show-payer-code.js';
import { WithdrawMerchantCodeHandler } from '#libs/payments/application/qr/withdraw-merchant-code.js';
import { WithdrawPaymentLinkHandler } from '#libs/payments/application/qr/withdraw-payment-link.js';
import {
  ChargePayerCode,
  CreatePaymentLink,
  IssueMerchantCode,
  PayMerchantCode,
  PaymentLinkByCode,
  ReadMerchantCode,
  ShowPayerCode,
  WithdrawMerchantCode,
  WithdrawPaymentLink,
  type IssueMerchantCodeInput,
  type MerchantCodeView,
  type PayMerchantCodeInput,
} from '#libs/payments/contract/index.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, requestOf, SCHOOL } from './callers.js';
import { paymentNode, type PaymentNode, type PaymentWorld } from './payment-world.js';

export const bursar = callerOf('bursar', 'bursar-1', SCHOOL);
export const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
export const OTHER_TENANT = asId<'tenant'>('other-bank');

/** Every process of an installation reads the same secret. */
export const SEALS = sealsOf(new Uint8Array(32).fill(7));

const NAMES = { execute: () => Promise.resolve({ nameZh: '示范高级中学', nameEn: 'Demo High School' }) };

export const inTenant = (caller: Caller, tenant: TenantId): Caller => ({ ...caller, tenant });

export interface QrNode extends PaymentNode {
  issueCode(caller: Caller, input: IssueMerchantCodeInput): ReturnType<IssueMerchantCodeHandler['execute']>;
  withdrawCode(caller: Caller, id: string): ReturnType<WithdrawMerchantCodeHandler['execute']>;
  read(caller: Caller, content: string): ReturnType<ReadMerchantCodeHandler['execute']>;
  payCode(caller: Caller, input: PayMerchantCodeInput): ReturnType<PayMerchantCodeHandler['execute']>;
  show(caller: Caller, input: ShowPayerCode['input']): ReturnType<ShowPayerCodeHandler['execute']>;
  charge(caller: Caller, input: ChargePayerCode['input']): ReturnType<ChargePayerCodeHandler['execute']>;
  createLink(
    caller: Caller,
    input: CreatePaymentLink['input'],
  ): ReturnType<CreatePaymentLinkHandler['execute']>;
  withdrawLink(caller: Caller, id: string): ReturnType<WithdrawPaymentLinkHandler['execute']>;
  link(code: string): ReturnType<PaymentLinkByCodeHandler['execute']>;
}

export function qrNode(world: PaymentWorld, log?: EventLog, seals = SEALS): QrNode {
  const node = paymentNode(world, log);
  const { store, bills, desk } = node;
  const { runtime } = world;
  const payerCodes = new PayerCodes(store, seals, runtime);
  const names = new OrganisationNames(NAMES as unknown as QueryBus);
  const codes = new MerchantCodes(store, seals, names);
  const handlers = {
    issue: new IssueMerchantCodeHandler(store, runtime, bills, codes),
    withdraw: new WithdrawMerchantCodeHandler(store, runtime),
    read: new ReadMerchantCodeHandler(runtime, bills, codes),
    pay: new PayMerchantCodeHandler(store, runtime, codes, desk),
    show: new ShowPayerCodeHandler(store, payerCodes),
    charge: new ChargePayerCodeHandler(store, runtime, payerCodes, desk),
    createLink: new CreatePaymentLinkHandler(store, runtime, bills, seals),
    withdrawLink: new WithdrawPaymentLinkHandler(store, runtime, bills, seals),
    link: new PaymentLinkByCodeHandler(store, runtime, bills, names),
  };
  return {
    ...node,
    issueCode: (caller, input) => handlers.issue.execute(new IssueMerchantCode(requestOf(caller), input)),
    withdrawCode: (caller, id) =>
      handlers.withdraw.execute(
        new WithdrawMerchantCode(requestOf(caller), { codeId: asId(id), reason: '金额有误' }),
      ),
    read: (caller, content) => handlers.read.execute(new ReadMerchantCode(requestOf(caller), content)),
    payCode: (caller, input) => handlers.pay.execute(new PayMerchantCode(requestOf(caller), input)),
    show: (caller, input) => handlers.show.execute(new ShowPayerCode(requestOf(caller), input)),
    charge: (caller, input) => handlers.charge.execute(new ChargePayerCode(requestOf(caller), input)),
    createLink: (caller, input) =>
      handlers.createLink.execute(new CreatePaymentLink(requestOf(caller), input)),
    withdrawLink: (caller, id) =>
      handlers.withdrawLink.execute(
        new WithdrawPaymentLink(requestOf(caller), { linkId: asId(id), reason: '已线下缴费' }),
      ),
    link: (code) => handlers.link.execute(new PaymentLinkByCode(code)),
  };
}

/** The bursar's or clerk's dynamic code for these bills or this amount. */
export async function codeFor(
  node: QrNode,
  asks: { readonly bills: readonly BillId[] } | { readonly amount: Money } | undefined,
  {
    key = 'code-1',
    organisationId = SCHOOL,
  }: { readonly key?: string; readonly organisationId?: OrganisationId } = {},
): Promise<MerchantCodeView> {
  const issued = await node.issueCode(bursar, {
    idempotencyKey: key,
    organisationId,
    ...(asks && { asks }),
  });
  if (!issued.accepted) throw new Error(issued.rejection.code);
  return issued.value;
}
