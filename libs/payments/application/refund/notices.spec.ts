import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelNotice, ExternalChannel } from '#libs/channels/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { RefundNotices } from './refund-notices.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { OPERATOR, type OutsideWorld } from '#libs/testing/outside-world.js';
import { fen, recordedEvents, TENANT } from '#libs/testing/payment-world.js';
import { auditRefunds } from '#libs/testing/refund-audit.js';
import { movesOf, paid, refundNode, refundWorld } from '#libs/testing/refund-world.js';

/** A refund of ¥100.03: the bank has taken it on and tells later. */
async function onItsWay(at: OutsideWorld) {
  const node = refundNode(at);
  const { paymentId, bills } = await paid(node, OPERATOR, [30_000]);
  const lines = [{ billId: bills[0]!, amount: fen(10_003) }];
  const refund = accepted(await node.request({ paymentId, lines }));
  expect(refund.status).toBe('SENT');
  const notice = (outcome: ChannelNotice['outcome'], other: Partial<ChannelNotice> = {}): ChannelNotice => ({
    noticeId: `notice-${outcome}`,
    operationId: `refund-${refund.id}`,
    tenant: TENANT,
    outcome,
    amount: fen(10_003),
    reference: `B-${outcome}`,
    at: at.time.clock.now(),
    ...other,
  });
  return { node, notice, refundId: refund.id };
}

async function casesOf(at: OutsideWorld): Promise<readonly unknown[]> {
  return (await recordedEvents(at.world.log))
    .filter(({ type }) => type === 'CaseOpened.v2')
    .map(({ data }) => data['kind']);
}

async function faultsOf(at: OutsideWorld): Promise<readonly string[]> {
  return auditRefunds(await recordedEvents(at.world.log));
}

describe('notices about refunds', () => {
  it('of another tenant, of an unknown refund, or of none, find nothing', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    const before = (await recordedEvents(at.world.log)).length;
    const unknown = '00000000-0000-8000-8000-000000000000';
    const strange = [
      notice('succeeded', { tenant: asId('other') }),
      notice('succeeded', { operationId: `refund-${unknown}` }),
      notice('succeeded', { operationId: 'refund-1' }),
    ];
    for (const one of strange) expect(await node.notices.receive(one)).toBe('unknownOperation');
    expect(await recordedEvents(at.world.log)).toHaveLength(before);
    expect((await node.refundOf(refundId)).status).toBe('sent');
  });

  it('of another amount are kept as a case and change nothing', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    const wrong = notice('succeeded', { amount: fen(10_004) });
    expect(await node.notices.receive(wrong)).toBe('contradicts');
    expect(await node.notices.receive(wrong)).toBe('contradicts');
    expect(await casesOf(at)).toEqual(['contradictoryNotice']);
    expect((await node.refundOf(refundId)).status).toBe('sent');
    expect(await node.notices.receive(notice('succeeded'))).toBe('taken');
    expect((await node.refundOf(refundId)).status).toBe('returned');
    expect(await faultsOf(at)).toEqual([]);
  });

  it('of a refund that no bank is asked about are contradictions', async () => {
    await using at = await refundWorld();
    const node = refundNode(at);
    const { paymentId } = await paid(node, { channel: 'cash', tendered: fen(9_000) }, [9_000]);
    const refund = accepted(await node.request({ paymentId }));
    const forged = {
      noticeId: 'n',
      operationId: `refund-${refund.id}`,
      tenant: TENANT,
      outcome: 'succeeded',
      amount: fen(9_000),
      reference: 'B',
      at: at.time.clock.now(),
    } as const;
    expect(await node.notices.receive(forged)).toBe('contradicts');
    expect((await node.refundOf(refund.id)).status).toBe('sent');
  });

  it('that say declined after returned, or returned after rejected, are contradictions', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    expect(await node.notices.receive(notice('declined'))).toBe('taken');
    expect(await node.notices.receive(notice('returned'))).toBe('contradicts');
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'rejected', by: 'bank', complete: true });
    expect(await casesOf(at)).toEqual(['contradictoryNotice']);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('of a success after the refusal are booked, once, and become a case', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    expect(await node.notices.receive(notice('declined'))).toBe('taken');
    for (const noticeId of ['n1', 'n1', 'n2']) {
      expect(await node.notices.receive(notice('succeeded', { noticeId }))).toBe('taken');
    }
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'rejected', paidAfterAll: true });
    expect((await movesOf(at)).slice(-2)).toEqual([
      'clearing:refund > org:school-1:payable',
      'suspense:school-1 > world:operator',
    ]);
    expect(await casesOf(at)).toEqual(['lateSuccess']);
    expect(await faultsOf(at)).toEqual(['suspense:school-1 fell to -10003']);
  });

  it('of a success and a refusal at once: whichever is stored first, the success is booked', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    const answers = await Promise.all([
      node.notices.receive(notice('declined')),
      node.notices.receive(notice('succeeded')),
    ]);
    expect(answers).toEqual(['taken', 'taken']);
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'rejected', paidAfterAll: true });
    expect((await movesOf(at)).at(-1)).toBe('suspense:school-1 > world:operator');
    expect(await casesOf(at)).toEqual(['lateSuccess']);
  });

  it('of a refusal after a success, both at once, are a contradiction', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    const answers = await Promise.all([
      node.notices.receive(notice('succeeded')),
      node.notices.receive(notice('declined')),
    ]);
    expect(answers).toEqual(['taken', 'contradicts']);
    expect((await node.refundOf(refundId)).status).toBe('returned');
    expect(await casesOf(at)).toEqual(['contradictoryNotice']);
    expect(await faultsOf(at)).toEqual([]);
  });

  it('of a refusal before the reply that it has succeeded: the reply is booked', async () => {
    await using world = await refundWorld();
    const { external } = world.world;
    const notices: RefundNotices[] = [];
    const refusedFirst: ExternalChannel = {
      query: (operation) => external.query(operation),
      cancel: (operation) => external.cancel(operation),
      statement: (request) => external.statement(request),
      async submit({ operationId, amount }) {
        const at = world.time.clock.now();
        const refusal = { noticeId: 'n-1', operationId, tenant: TENANT, amount, reference: 'B-1', at };
        void notices[0]!.receive({ ...refusal, outcome: 'declined' });
        const refundId = asId<'refund'>(operationId.slice('refund-'.length));
        while ((await node.refundOf(refundId)).status !== 'rejected') await new Promise(setImmediate);
        return { outcome: 'succeeded', reference: 'B-2', at };
      },
    };
    const node = refundNode({ ...world, world: { ...world.world, external: refusedFirst } });
    notices.push(node.notices);
    const { paymentId, bills } = await paid(node, OPERATOR, [30_000]);
    const lines = [{ billId: bills[0]!, amount: fen(10_000) }];
    const refund = accepted(await node.request({ paymentId, lines }));
    expect(refund.status).toBe('REJECTED');
    expect(await node.refundOf(refund.id)).toMatchObject({ status: 'rejected', paidAfterAll: true });
    expect((await movesOf(world)).at(-1)).toBe('suspense:school-1 > world:operator');
    expect(await casesOf(world)).toEqual(['lateSuccess']);
  });

  it('that overtake one another mean the same: sent back after all', async () => {
    await using at = await refundWorld();
    const { node, notice, refundId } = await onItsWay(at);
    for (const outcome of ['returned', 'succeeded', 'returned'] as const) {
      expect(await node.notices.receive(notice(outcome))).toBe('taken');
    }
    expect(await node.notices.receive(notice('returned', { noticeId: 'another' }))).toBe('taken');
    expect(await node.refundOf(refundId)).toMatchObject({ status: 'returned', cameBack: true });
    expect(await casesOf(at)).toEqual(['refundReturnedByBank']);
    expect(await faultsOf(at)).toEqual([]);
  });
});

describe('refunds and voids of one payment in any interleaving', () => {
  const act = fc.oneof(
    fc.record({
      kind: fc.constant('request' as const),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      lines: fc.option(
        fc.uniqueArray(
          fc.record({ bill: fc.integer({ min: 0, max: 1 }), amount: fc.integer({ min: 1, max: 3_500 }) }),
          {
            minLength: 1,
            maxLength: 2,
            selector: ({ bill }) => bill,
          },
        ),
        { nil: undefined },
      ),
    }),
    fc.record({ kind: fc.constant('cancel' as const), key: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('decide' as const), grant: fc.boolean() }),
    fc.record({ kind: fc.constant('withdraw' as const) }),
    fc.record({ kind: fc.constant('confirm' as const) }),
  );

  it('never give back more than was paid, per bill, and the ledger balances at every position', async () => {
    let run = 0;
    let refunds = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(act, fc.boolean()), { minLength: 2, maxLength: 10 }),
        fc.constantFrom('cash' as const, 'wallet' as const),
        async (acts, channel) => {
          run += 1;
          await using at = await refundWorld();
          const nodes = [refundNode(at), refundNode(at)];
          const [one] = nodes;
          const walletId = await one!.payments.openWallet('payer-1', 5_000);
          const method =
            channel === 'cash' ? { channel, tendered: fen(5_000) } : ({ channel, walletId } as const);
          const { paymentId, receiptId, bills } = await paid(one!, method, [3_000, 2_000], `run-${run}`);
          const asked = new Set<string>();
          const known = () => [...asked].map((id) => asId<'refund'>(id));
          const perform = async (index: number, [one_, waits]: (typeof acts)[number]): Promise<void> => {
            const node = nodes[index % 2]!;
            if (one_.kind === 'request') {
              const lines = one_.lines?.map(({ bill, amount }) => ({
                billId: bills[bill]!,
                amount: fen(amount),
              }));
              const answer = await node.request({
                paymentId,
                key: `${run}-${one_.key}`,
                ...(lines && { lines }),
              });
              if (answer.accepted) asked.add(answer.value.id);
            } else if (one_.kind === 'cancel') {
              const answer = await node.cancelReceipt(receiptId, undefined, `${run}-${one_.key}`);
              if (answer.accepted) asked.add(answer.value.id);
            } else {
              for (const refundId of known()) {
                if (one_.kind === 'withdraw') await node.withdraw(refundId);
                else if (one_.kind === 'confirm') await node.confirm(refundId);
                else await node.decide(refundId, one_.grant).catch(() => undefined);
              }
            }
            if (waits) await new Promise((resolve) => setImmediate(resolve));
          };
          const running: Promise<void>[] = [];
          for (const [index, next] of acts.entries()) {
            const done = perform(index, next);
            running.push(done);
            if (next[1]) await done;
          }
          await Promise.all(running);
          refunds += asked.size;
          for (const refundId of known()) {
            await one!.process.finish(refundId, { actor: 'system:refund-finisher', correlationId: 'f' });
          }
          expect(await faultsOf(at)).toEqual([]);
        },
      ),
      { numRuns: 30, seed: 7 },
    );
    expect(refunds).toBeGreaterThan(15);
  });
});
