import { Inject, Injectable } from '@nestjs/common';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { OPEN_TRANSFERS, type OpenTransfer, type OpenTransferList } from '../../domain/transfer/index.js';
import { Sweeper } from '#libs/event-log/consumers/sweeper.js';
import { TransferProcess } from './transfer-process.js';

/** Finishes what a crash left behind and asks the institution about what it has not answered. */
@Injectable()
export class TransferFinisher {
  readonly #sweeper: Sweeper<OpenTransfer>;

  constructor(
    @Inject(OPEN_TRANSFERS) open: OpenTransferList,
    @Inject(TransferProcess) process: TransferProcess,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) runtime: Runtime,
  ) {
    const work = {
      name: 'transfer',
      view: 'transfers',
      idleSince: (...args: Parameters<OpenTransferList['idleSince']>) => open.idleSince(...args),
      idOf: ({ transferId }: OpenTransfer) => transferId,
      async finish(id: string) {
        const mover = { actor: 'system:transfer-finisher', correlationId: id };
        await process.finishLeftBehind(asId<'transfer'>(id), mover);
        // What is at its end is off the list; what stays there waits for the institution.
        return { done: false } as const;
      },
    };
    this.#sweeper = new Sweeper(work, consumers, runtime);
  }

  start(): Promise<void> {
    return this.#sweeper.start();
  }

  stop(): Promise<void> {
    return this.#sweeper.stop();
  }
}
