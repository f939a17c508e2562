import { globalId } from '#libs/graphql/index.js';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { Child } from '../../process/child.js';
import { PAY_DOCUMENT } from '../document.js';
import type { BillsOrder, IssuedBills } from './bills.js';
import type { ProductStarted, StartOrder } from './orders.js';

/** The product's process as the cases see it. */
export class Product {
  private constructor(
    readonly child: Child,
    readonly started: ProductStarted,
  ) {}

  static async start(order: StartOrder): Promise<Product> {
    const child = Child.start('servers/product/main.js');
    try {
      return new Product(child, await child.ask<ProductStarted>('start', order));
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  issue(order: BillsOrder): Promise<IssuedBills> {
    return this.child.ask('bills', order);
  }

  fillWallets(count: number): Promise<readonly WalletId[]> {
    return this.child.ask('wallets', count);
  }

  /** How long the views needed to catch up, milliseconds. */
  settle(): Promise<number> {
    return this.child.ask('settle');
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** One request per bill, each bill paid from the next wallet. */
export function payBodies(bills: readonly BillId[], wallets: readonly WalletId[]): readonly string[] {
  return bills.map((billId, index) =>
    JSON.stringify({
      query: PAY_DOCUMENT,
      operationName: 'Pay',
      variables: {
        input: {
          idempotencyKey: `bench-pay-${billId}`,
          bills: [{ billId: globalId('Bill', billId) }],
          expectedTotal: { amount: '1409.50', currency: 'CNY' },
          method: { wallet: { walletId: globalId('Wallet', wallets[index % wallets.length]!) } },
        },
      },
    }),
  );
}
