import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ChannelOperation,
  ChannelMisused,
  ChannelUnknown,
  type ExternalChannel,
  type OperationKind,
} from '#libs/channels/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';

export interface ExternalChannelUnderTest {
  readonly channel: ExternalChannel;
  /** How often money moved for the operation at the institution. */
  moved(operationId: string): Promise<number>;
  /** Ends the institution and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

const { clock, ids } = systemRuntime();
const tenant = asId<'tenant'>('demo');

/** An operation of `fen`, whose last two digits tell the institution what to do. */
export function operationOf(
  kind: OperationKind,
  fen: bigint,
  more: Partial<ChannelOperation> = {},
): ChannelOperation {
  return {
    operationId: `payment-${ids.next()}`,
    kind,
    tenant,
    amount: money(CNY, fen),
    account: 'account-1',
    purpose: 'CONTRACT',
    expiresAt: addMs(clock.now(), 60_000),
    ...more,
  };
}

/** Generous, for a busy machine. */
const PATIENT_MS = 8_000;
/** Waited for in vain by the one test whose question gets no answer. */
const IMPATIENT_MS = 1_000;

/** What every implementation of the ExternalChannel port must do. */
export function externalChannelContract(
  name: string,
  open: (deadlineMs: number) => Promise<ExternalChannelUnderTest>,
): void {
  describe(`ExternalChannel contract: ${name}`, () => {
    let under: ExternalChannelUnderTest;
    let channel: ExternalChannel;
    beforeEach(async () => {
      under = await open(PATIENT_MS);
      channel = under.channel;
    });
    afterEach(() => under.close());

    const succeeded = { outcome: 'succeeded', reference: expect.any(String), at: expect.any(String) };

    it('moves money once, however often and at once it is asked', async () => {
      const operation = operationOf('collect', 10_000n);
      const replies = await Promise.all(Array.from({ length: 50 }, () => channel.submit(operation)));
      expect(replies[0]).toEqual(succeeded);
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
      expect(await channel.query(operation)).toEqual(replies[0]);
      expect(await channel.cancel(operation)).toEqual(replies[0]);
      expect(await under.moved(operation.operationId)).toBe(1);
    });

    it('refuses the same id with other content, and keeps the first', async () => {
      const operation = operationOf('collect', 10_000n);
      const first = await channel.submit(operation);
      for (const other of [
        { amount: money(CNY, 10_100n) },
        { account: 'account-2' },
        { kind: 'payout' as const },
        { purpose: 'OTHER' },
      ])
        await expect(channel.submit({ ...operation, ...other })).rejects.toThrow(ChannelMisused);
      expect(await channel.submit(operation)).toEqual(first);
      expect(await under.moved(operation.operationId)).toBe(1);
    });

    it('says no when it means no', async () => {
      const operation = operationOf('collect', 10_001n);
      expect(await channel.submit(operation)).toEqual({ outcome: 'declined', reason: 'DECLINED' });
      expect(await channel.query(operation)).toEqual({ outcome: 'declined', reason: 'DECLINED' });
      expect(await under.moved(operation.operationId)).toBe(0);
    });

    it('calls no answer unknown, and tells the truth to a query', async () => {
      await under.close();
      under = await open(IMPATIENT_MS);
      channel = under.channel;
      const silent = operationOf('collect', 10_002n);
      await expect(channel.submit(silent)).rejects.toThrow(ChannelUnknown);
      expect(await channel.query(silent)).toEqual(succeeded);
      const lost = operationOf('collect', 10_006n);
      await expect(channel.submit(lost)).rejects.toThrow(ChannelUnknown);
      expect(await channel.query(lost)).toEqual({ outcome: 'notFound' });
      expect(await channel.submit(lost)).toEqual(succeeded);
      expect(await Promise.all([silent, lost].map(({ operationId }) => under.moved(operationId)))).toEqual([
        1, 1,
      ]);
    });

    it('bars for good what it cancels, also ahead of its coming', async () => {
      const pending = operationOf('awaitCredit', 10_000n);
      expect(await channel.submit(pending)).toEqual({
        outcome: 'pending',
        instructions: { remittanceCode: expect.any(String) },
      });
      const ahead = operationOf('collect', 10_000n);
      for (const operation of [pending, ahead]) {
        expect(await channel.cancel(operation)).toEqual({ outcome: 'cancelled' });
        expect(await channel.cancel(operation)).toEqual({ outcome: 'cancelled' });
        expect(await channel.submit(operation)).toEqual({ outcome: 'cancelled' });
        expect(await channel.query(operation)).toEqual({ outcome: 'cancelled' });
      }
      expect(await under.moved(ahead.operationId)).toBe(0);
    });

    it('lets nothing succeed after it has expired', async () => {
      const late = operationOf('collect', 10_000n, { expiresAt: addMs(clock.now(), -1) });
      expect(await channel.submit(late)).toEqual({ outcome: 'declined', reason: 'EXPIRED' });
    });

    it('gives back no more than came', async () => {
      const collected = operationOf('collect', 10_000n);
      await channel.submit(collected);
      const refund = (fen: bigint) => operationOf('refund', fen, { ofOperation: collected.operationId });
      expect(await channel.submit(refund(6_000n))).toEqual(succeeded);
      expect(await channel.submit(refund(4_100n))).toEqual({
        outcome: 'declined',
        reason: 'EXCEEDS_ORIGINAL',
      });
      expect(await channel.submit(refund(4_000n))).toEqual(succeeded);
    });

    it('knows nothing of other tenants’ operations', async () => {
      const operation = operationOf('collect', 10_000n);
      await channel.submit(operation);
      const elsewhere = { ...operation, tenant: asId<'tenant'>('other') };
      expect(await channel.query(elsewhere)).toEqual({ outcome: 'notFound' });
      expect(await channel.cancel(elsewhere)).toEqual({ outcome: 'cancelled' });
      expect(await channel.query(operation)).toEqual(succeeded);
    });

    it('remembers over a restart, and is unknown while it is gone', async () => {
      const operation = operationOf('collect', 10_000n);
      const first = await channel.submit(operation);
      await under.stop();
      await expect(channel.query(operation)).rejects.toThrow(ChannelUnknown);
      await under.restart();
      expect(await channel.submit(operation)).toEqual(first);
      expect(await under.moved(operation.operationId)).toBe(1);
    });
  });
}
