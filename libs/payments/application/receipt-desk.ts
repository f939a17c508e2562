import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { CommandOverloaded, type CommandContext, type DeciderStore } from '#libs/event-log/runner/types.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { receiptBookAggregate } from '../codec/index.js';
import { receiptNumber, sequenceOf, type ReceiptContent } from '../domain/receipt-book/index.js';

export interface Book {
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** The business year. */
  readonly series: string;
}

export interface IssuedReceipt {
  readonly organisationId: OrganisationId;
  readonly number: string;
  readonly content: ReceiptContent;
}

/** Receipts of one append; and their lines, so that an append stays well below the log's limit of 1 MiB. */
const MOST_RECEIPTS = 256;
const MOST_LINES = 500;
/** Receipts that may wait at one book. */
const LONGEST_QUEUE = 4_096;

interface Waiting {
  readonly content: ReceiptContent;
  resolve(receipt: IssuedReceipt): void;
  reject(error: unknown): void;
}

/**
 * Numbers receipts. A book is the one stream that every payment of an organisation writes to; whatever arrives while an
 * append is under way is gathered and issued with the next one, so that a busy organisation costs an append per round
 * instead of one per receipt.
 */
@Injectable()
export class ReceiptDesk {
  readonly #queues = new Map<string, Waiting[]>();

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /**
   * Resolves when the receipt is durable; again for the same payment: the same number.
   * @throws CommandOverloaded when too many wait; and what `DeciderStore.run` throws, then the outcome may be unknown
   */
  issue(book: Book, content: ReceiptContent): Promise<IssuedReceipt> {
    const id = `${book.organisationId}-${book.series}`;
    const queue = this.#queues.get(id);
    if (queue && queue.length >= LONGEST_QUEUE) {
      return Promise.reject(
        new CommandOverloaded(`receiptBook-${id}: ${queue.length} receipts wait already.`),
      );
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { content, resolve, reject };
      if (queue) {
        queue.push(waiting);
      } else {
        const opened = [waiting];
        this.#queues.set(id, opened);
        void this.#serve(id, book, opened);
      }
    });
  }

  /** The receipt, where it is durable already; issues nothing. */
  async find({ organisationId, series }: Book, content: ReceiptContent): Promise<IssuedReceipt | undefined> {
    const { state } = await this.store.load(receiptBookAggregate, `${organisationId}-${series}`);
    const sequence = sequenceOf(state, content.paymentId);
    return sequence === undefined
      ? undefined
      : { organisationId, number: receiptNumber(series, sequence), content };
  }

  /** Never rejects: a failed round rejects those who waited for it. */
  async #serve(id: string, book: Book, queue: Waiting[]): Promise<void> {
    // Lets others of the same tick join the first round.
    await Promise.resolve();
    while (queue.length > 0) {
      const round = nextRound(queue);
      try {
        await this.#issueRound(id, book, round);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    this.#queues.delete(id);
  }

  async #issueRound(id: string, book: Book, round: readonly Waiting[]): Promise<void> {
    const { tenant, organisationId, series } = book;
    const receipts = round.map(({ content }) => content);
    const commandId = deriveUuid(
      UUID_NAMESPACES.command,
      'receipts',
      ...receipts.map(({ receiptId }) => receiptId),
    );
    const context: CommandContext = {
      commandId,
      correlationId: commandId,
      actor: 'system:receipt-desk',
      tenant,
      organisation: organisationId,
      at: this.runtime.clock.now(),
    };
    const command = { kind: 'issue', organisationId, series, receipts } as const;
    const { state } = await this.store.run(receiptBookAggregate, id, command, context);
    for (const { content, resolve } of round) {
      const sequence = sequenceOf(state, content.paymentId);
      if (sequence === undefined) throw new Error(`Receipt ${content.receiptId} was not issued.`);
      resolve({ organisationId, number: receiptNumber(series, sequence), content });
    }
  }
}

function nextRound(queue: Waiting[]): readonly Waiting[] {
  let lines = 0;
  let count = 0;
  for (const { content } of queue) {
    if (count > 0 && (count === MOST_RECEIPTS || lines + content.lines.length > MOST_LINES)) break;
    lines += content.lines.length;
    count += 1;
  }
  return queue.splice(0, count);
}
