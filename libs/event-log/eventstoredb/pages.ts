import type { ClientReadableStream } from '@grpc/grpc-js';
import { LogUnavailable } from '#libs/event-log/port/index.js';

export interface PageOptions {
  /** Messages held at most before the server is made to wait. */
  readonly capacity: number;
  /** Longest silence before the call has failed; none when undefined. */
  readonly idleTimeoutMs?: number;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
}

/**
 * Takes a server's messages page by page, as many as have come in, never more than the capacity in memory. Ends with the
 * call, throws its error, and always cancels it: a call left open would go on for ever.
 */
export async function* pagesOf<Message>(
  opening: Promise<ClientReadableStream<Message>>,
  options: PageOptions,
): AsyncGenerator<Message[]> {
  const call = await opening;
  const inbox = new Inbox<Message>(call, options.capacity);
  const wake = () => inbox.wake();
  options.signal.addEventListener('abort', wake);
  try {
    while (!options.signal.aborted) {
      const page = inbox.take();
      if (page.length > 0) yield page;
      else if (inbox.failure) throw inbox.failure;
      else if (inbox.ended) return;
      else await inbox.changed(options.idleTimeoutMs);
    }
  } finally {
    options.signal.removeEventListener('abort', wake);
    call.cancel();
  }
}

/** What has come in and was not taken yet. */
class Inbox<Message> {
  failure: Error | undefined;
  ended = false;
  private messages: Message[] = [];
  private resume: (() => void) | undefined;
  private waking = false;

  constructor(
    private readonly call: ClientReadableStream<Message>,
    private readonly capacity: number,
  ) {
    call.on('data', (message: Message) => {
      this.messages.push(message);
      if (this.messages.length >= capacity) call.pause();
      this.wake();
    });
    // The listener stays after the end: what a cancelled call still reports is no uncaught exception.
    call.on('error', (error) => {
      this.failure = error;
      this.wake();
    });
    call.on('end', () => {
      this.ended = true;
      this.wake();
    });
  }

  take(): Message[] {
    const taken = this.messages;
    if (taken.length === 0) return taken;
    this.messages = [];
    if (taken.length >= this.capacity) this.call.resume();
    return taken;
  }

  /** After everything that came in with the same packet, so that pages are worth their trip through the event loop. */
  wake(): void {
    if (this.waking || !this.resume) return;
    this.waking = true;
    setImmediate(() => {
      this.waking = false;
      this.resume?.();
    });
  }

  /** @throws LogUnavailable after the timeout */
  changed(timeoutMs: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => {
        this.resume = undefined;
        reject(new LogUnavailable(`The event store said nothing for ${timeoutMs} ms.`));
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs);
      this.resume = () => {
        clearTimeout(timer);
        this.resume = undefined;
        resolve();
      };
    });
  }
}
