import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Listening, exchangeFiles } from '#apps/sandbox-bank/exchange.js';
import { SignedClient } from '#libs/channels/adapters/http/signed-client.js';
import { OperatorChannel } from '#libs/channels/adapters/operator/operator-channel.js';
import { localId } from '#libs/graphql/index.js';
import { CNY, money, toStoredMoney } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { agreementOf, existingOwnKeys, readPartnerKeys } from '#libs/security/adapters/agreement-keys.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import { fen } from './money.js';

/** What the bank did for one operation. */
export interface Effect {
  readonly operationId: string;
  readonly kind: string;
  readonly amount: { readonly amount: string };
  /** How often money moved: 0 or 1. */
  readonly moved: number;
  /** How often it came back from the payee's bank: 0 or 1. */
  readonly returned: number;
}

type Process = 'payment' | 'return' | 'refund' | 'transfer';

const KINDS = { payment: 'Payment', return: 'Payment', refund: 'Refund', transfer: 'Transfer' } as const;

/** The sandbox bank beside the product, as its tenant and its customers see it. */
export class BankWindow {
  private constructor(
    private readonly url: string,
    private readonly client: SignedClient,
    private readonly channel: OperatorChannel,
  ) {}

  /** @throws Error when no sandbox bank runs over the data folder */
  static async open(dataDir: string): Promise<BankWindow> {
    const folder = join(dataDir, 'bank');
    const listening = await readFile(join(folder, 'sandbox', 'listening.json'), 'utf8');
    const url = `http://127.0.0.1:${(JSON.parse(listening) as Listening).port}`;
    const own = await existingOwnKeys(join(folder, 'sluice-keys.json'));
    const partners = await readPartnerKeys(exchangeFiles(folder).bankPublic);
    const { clock, rng } = systemRuntime();
    const parts = { baseUrl: () => url, agreement: agreementOf(own, () => partners), clock, rng };
    const limits = { deadlineMs: 5_000, maxInFlight: 4, maxWaiting: 100, maxAnswerBytes: 1_048_576 };
    return new BankWindow(url, new SignedClient({ ...parts, ...limits }), new OperatorChannel(parts));
  }

  /** A payer transfers money from another bank. @returns `taken`, `unknownCode`, `amountDiffers` or `tooLate` */
  async credit(remittanceCode: string, amount: string): Promise<string> {
    const answer = await this.client.exchange({
      tenant: DEMO_TENANT,
      method: 'POST',
      target: '/sandbox/credits',
      body: { remittanceCode, amount: toStoredMoney(money(CNY, fen(amount))) },
      idempotencyKey: `credit-${remittanceCode}-${amount}`,
    });
    return (JSON.parse(answer.body.toString()) as { readonly outcome: string }).outcome;
  }

  /** Of the operation by which a process asked; undefined when the bank never took it. */
  async effectOf(process: Process, id: string): Promise<Effect | undefined> {
    const operationId = operationIdOf(process, id);
    return (await this.effects(`?operationId=${encodeURIComponent(operationId)}`))[0];
  }

  async effects(query = ''): Promise<readonly Effect[]> {
    const response = await fetch(`${this.url}/sandbox/effects${query}`);
    return ((await response.json()) as { readonly effects: readonly Effect[] }).effects;
  }

  /** The bank's book of a day, as our own channel fetches it. */
  statement(date: string, format: 'camt.053' | 'camt.054'): Promise<string> {
    return this.channel.statement({ tenant: DEMO_TENANT, date: parseLocalDate(date), format });
  }

  close(): void {
    this.client.close();
    this.channel.close();
  }
}

/** @param id as clients know the payment, refund or transfer */
export function operationIdOf(process: Process, id: string): string {
  return `${process}-${localId(KINDS[process], id)}`;
}
