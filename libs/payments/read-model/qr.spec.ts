import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId, type BillId } from '#libs/kernel/ids/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { fen } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, bursar, clerk, defineFeeItem, issueBill, payer } from '#libs/testing/school-fixture.js';
import {
  CreatePaymentLink,
  IssueMerchantCode,
  MerchantCodeById,
  MerchantCodesOf,
  OpenWallet,
  PayMerchantCode,
  PaymentLinksOf,
  TopUpWallet,
  WithdrawMerchantCode,
  WithdrawPaymentLink,
  type MerchantCodeView,
  type PaymentLinkView,
} from '../contract/index.js';

const stranger = requestOf({
  ...callerOf('bursar', 'bursar-x', SCHOOL),
  tenant: asId<'tenant'>('other-tenant'),
});

let world: ProductWorld;
let bills: readonly BillId[];
/** In the order in which they were issued. */
const codes: MerchantCodeView[] = [];
const links: PaymentLinkView[] = [];

const accepted = <Value>(
  outcome: { readonly accepted: true; readonly value: Value } | { readonly accepted: false },
): Value => {
  if (!outcome.accepted) throw new Error(JSON.stringify(outcome));
  return outcome.value;
};

const issue = async (
  key: string,
  asks?: { readonly bills: readonly BillId[] },
): Promise<MerchantCodeView> => {
  const input = { idempotencyKey: key, organisationId: SCHOOL, ...(asks && { asks }) };
  const code = accepted(await world.execute(new IssueMerchantCode(bursar(), input)));
  codes.push(code);
  return code;
};

const link = async (key: string, of: readonly BillId[], expiresAt: Instant): Promise<PaymentLinkView> => {
  const input = { idempotencyKey: key, organisationId: SCHOOL, bills: of, expiresAt };
  const view = accepted(await world.execute(new CreatePaymentLink(bursar(), input)));
  links.push(view);
  return view;
};

const codesOf = (request: RequestContext, first = 10, after?: string) =>
  world.query(new MerchantCodesOf(request, SCHOOL, { first, ...(after !== undefined && { after }) }));

beforeAll(async () => {
  world = await productWorld();
  const bd = requestOf(callerOf('bd', 'bd-1'));
  await world.execute(
    new RegisterOrganisation(bd, {
      organisationId: SCHOOL,
      nameZh: '示范高级中学',
      nameEn: 'Demo High School',
      kind: 'school',
    }),
  );
  await world.consumers.caughtUp();
  const tuition = await defineFeeItem(world, 'TUITION');
  bills = [
    await issueBill(world, billContent(tuition, '0001')),
    await issueBill(world, billContent(tuition, '0002')),
  ];
  const wallet = accepted(
    await world.execute(new OpenWallet(payer(), { idempotencyKey: 'open', label: 'main' })),
  );
  const topUp = { idempotencyKey: 'top-up', walletId: wallet.id, amount: fen(5_000) };
  accepted(await world.execute(new TopUpWallet(payer(), topUp)));
  const [paid, failed, withdrawn] = [
    await issue('paid', { bills: [bills[0]!] }),
    await issue('failed', { bills: [bills[1]!] }),
    await issue('withdrawn', { bills: [bills[1]!] }),
  ];
  await issue('wall');
  const later = addMs(world.runtime.clock.now(), 3_600_000);
  await link('used up', [bills[0]!], later);
  await link('open', bills, later);
  const gone = await link('withdrawn', bills, later);
  const scan = (idempotencyKey: string, { content }: MerchantCodeView, walletId = wallet.id) =>
    new PayMerchantCode(payer(), {
      idempotencyKey,
      content,
      expectedTotal: fen(1_000),
      method: { channel: 'wallet', walletId },
    });
  accepted(await world.execute(scan('paid', paid)));
  const refused = await world.execute(scan('failed', failed, asId('6f1d2c3b-4a59-8867-9758-6a7b8c9d0e1f')));
  expect(refused).toMatchObject({ accepted: false, rejection: { code: 'WALLET_NOT_FOUND' } });
  accepted(
    await world.execute(
      new WithdrawMerchantCode(clerk(SCHOOL), { codeId: withdrawn.id, reason: '金额有误' }),
    ),
  );
  accepted(await world.execute(new WithdrawPaymentLink(bursar(), { linkId: gone.id, reason: '金额有误' })));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('the codes of an organisation', () => {
  it('are listed newest first, each as it stands', async () => {
    const { items, totalCount } = await codesOf(clerk(SCHOOL));
    const statuses = ['USED', 'OPEN', 'WITHDRAWN', 'OPEN'] as const;
    const expected = codes.map((code, index) => ({ ...code, status: statuses[index]! }));
    const byAge = (one: MerchantCodeView, other: MerchantCodeView): number =>
      one.issuedAt === other.issuedAt ? (one.id < other.id ? 1 : -1) : one.issuedAt < other.issuedAt ? 1 : -1;
    expect(items.map(({ item }) => item)).toEqual(expected.sort(byAge));
    expect(totalCount).toBe(4);
  });

  it('are paged without gap or repetition', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 4; pages += 1) {
      const page = await codesOf(bursar(), 1, after);
      expect(page.hasNextPage).toBe(pages < 3);
      seen.push(...page.items.map(({ item }) => item.id));
      after = page.items.at(-1)?.cursor;
    }
    expect(new Set(seen)).toEqual(new Set(codes.map(({ id }) => id)));
    await expect(codesOf(bursar(), 1, 'x')).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('are shown to its staff alone', async () => {
    const { id } = codes[0]!;
    expect(await world.query(new MerchantCodeById(clerk(SCHOOL), id))).toMatchObject({ id, status: 'USED' });
    for (const request of [payer(), bursar(OTHER_SCHOOL), stranger]) {
      expect(await codesOf(request)).toEqual({ items: [], hasNextPage: false, totalCount: 0 });
      expect(await world.query(new MerchantCodeById(request, id))).toBeUndefined();
    }
  });
});

describe('the payment links of an organisation', () => {
  it('are listed with their codes, for its bursar alone', async () => {
    const page = { first: 10 };
    const { items } = await world.query(new PaymentLinksOf(bursar(), SCHOOL, page));
    const statuses = ['USED_UP', 'OPEN', 'WITHDRAWN'] as const;
    const found = new Map(items.map(({ item }) => [item.id, item]));
    expect(links.map(({ id }) => found.get(id))).toEqual(
      links.map((view, index) => ({ ...view, status: statuses[index]! })),
    );
    for (const request of [payer(), clerk(SCHOOL), bursar(OTHER_SCHOOL), stranger]) {
      const none = await world.query(new PaymentLinksOf(request, SCHOOL, page));
      expect(none).toEqual({ items: [], hasNextPage: false, totalCount: 0 });
    }
  });
});
