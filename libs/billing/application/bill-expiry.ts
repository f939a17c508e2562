import { Inject, Injectable, Logger } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { localDateOf, type LocalDate } from '#libs/kernel/time/index.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../codec/index.js';
import { LAPSING_BILLS, type LapsingBill, type LapsingBillList } from '../domain/bill/index.js';

/** How often to look, ms. Nobody can pay a bill after its last day meanwhile: the bill itself refuses. */
const PERIOD_MS = 60_000;
/** More follow in the next round. */
const PER_ROUND = 500;
const AT_ONCE = 8;

const ACTOR = 'system:bill-expiry';

/**
 * Expires bills whose last day has passed. Works from the view, so that it survives any restart; the bill decides by its own
 * figures, so that a view that lags does no harm.
 */
@Injectable()
export class BillExpiry {
  readonly #logger = new Logger(BillExpiry.name);
  #sweeping: Promise<void> | undefined;
  #stop: Cancel | undefined;

  constructor(
    @Inject(LAPSING_BILLS) private readonly bills: LapsingBillList,
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** To be called once the projections have caught up. */
  async start(): Promise<void> {
    this.#stop ??= this.runtime.timers.every(PERIOD_MS, () => void this.sweep());
    await this.sweep();
  }

  /** Resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    await this.#sweeping;
  }

  /** One round; joins the round under way. Never rejects. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    try {
      const today = localDateOf(this.runtime.clock.now());
      const bills = await this.bills.pastLastDay(today, PER_ROUND);
      const work = bills.values();
      const worker = async (): Promise<void> => {
        for (const bill of work) await this.#expire(bill, today);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    } catch (error) {
      this.#logger.warn(`Bills past their last day are left for the next round: ${textOf(error)}`);
    }
  }

  async #expire({ billId, tenant }: LapsingBill, today: LocalDate): Promise<void> {
    // By day: a bill that a reversal has opened again can expire again.
    const commandId = deriveUuid(UUID_NAMESPACES.command, billId, 'expire', today);
    const at = this.runtime.clock.now();
    const context = { commandId, correlationId: commandId, actor: ACTOR, tenant, at };
    await this.store.run(billAggregate, billId, { kind: 'expire', today }, context);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
