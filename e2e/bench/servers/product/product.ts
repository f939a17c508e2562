import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#libs/event-log/port/index.js';
import type { ContractId, WalletId } from '#libs/kernel/ids/index.js';
import { Child } from '../../process/child.js';
import type { BillsOrder, IssuedBills } from './bills.js';
import type { ContractsOrder } from './contracts.js';
import type { BenchPayer, PayersOrder } from './payers.js';
import type { ProductStarted, StartOrder } from './orders.js';

/** The product asks about a payment that was left behind after some seconds, and after growing pauses again. */
const UNKNOWN_FOR_MS = 60_000;
const POLL_MS = 250;

/** The product's process as the cases see it. */
export class Product {
  private constructor(
    readonly child: Child,
    readonly started: ProductStarted,
  ) {}

  static async start(order: StartOrder): Promise<Product> {
    // The sandbox bank beside it inherits this: it answers at once.
    const child = Child.start('servers/product/main.js', { SLUICE_SANDBOX_DELAY_MS: '0' });
    try {
      return new Product(child, await child.ask<ProductStarted>('start', order));
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** The product, and the product over a store without work. */
  static async startBoth(
    organisations: number,
  ): Promise<{ readonly product: Product; readonly noop: Product }> {
    const started = await Promise.allSettled([
      Product.start({ store: 'sqlite', organisations }),
      Product.start({ store: 'noop', organisations }),
    ]);
    const [product, noop] = started;
    if (product.status === 'fulfilled' && noop.status === 'fulfilled')
      return { product: product.value, noop: noop.value };
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
    throw started.find((one) => one.status === 'rejected')?.reason;
  }

  issue(order: BillsOrder): Promise<IssuedBills> {
    return this.child.ask('bills', order);
  }

  fillWallets(count: number): Promise<readonly WalletId[]> {
    return this.child.ask('wallets', count);
  }

  /** Accounts of their own with a wallet each. */
  payers(order: PayersOrder): Promise<readonly BenchPayer[]> {
    return this.child.ask('payers', order);
  }

  /** Puts one top-up into a wallet that `fillWallets` made. */
  topUp(order: { readonly walletId: WalletId; readonly key: string }): Promise<void> {
    return this.child.ask('top-up', order);
  }

  /** Contracts in force. */
  contracts(order: ContractsOrder): Promise<readonly ContractId[]> {
    return this.child.ask('contracts', order);
  }

  /** How long the views needed to catch up, milliseconds. */
  settle(): Promise<number> {
    return this.child.ask('settle');
  }

  /** The last event stored so far. */
  position(): Promise<Position | undefined> {
    return this.child.ask('position');
  }

  /**
   * Counts in the log itself, and waits for payments that were unknown when they were answered.
   *
   * @throws Error when not just so many payments were captured since
   */
  async assertCaptured(since: Position | undefined, payments: number): Promise<void> {
    if (this.started.store === 'noop' || since === undefined) return;
    const giveUpAtMs = performance.now() + UNKNOWN_FOR_MS;
    const counted = () => this.countedSince('PaymentCaptured.v1', since);
    let captured = await counted();
    while (captured < payments && performance.now() < giveUpAtMs) {
      await pause(POLL_MS);
      captured = await counted();
    }
    if (captured !== payments)
      throw new Error(`${payments} payments were asked for, ${captured} were captured.`);
  }

  /** Events of the type since then, in the log itself. */
  countedSince(type: string, position: Position): Promise<number> {
    return this.child.ask('counted-since', { type, position });
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
