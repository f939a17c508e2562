import type { ServerWritableStream, ServerDuplexStream } from '@grpc/grpc-js';
import { failureOf } from '../wire/failures.js';

type Call<Response> = ServerWritableStream<never, Response> | ServerDuplexStream<never, Response>;

/**
 * The response side of a streaming call. Messages are written page by page; `flushed` waits for the client when it is
 * slower than the log, so that a call holds one page at most.
 */
export class Outgoing<Response> {
  private readonly gone = new AbortController();

  constructor(private readonly call: Call<Response>) {
    const leave = () => this.gone.abort();
    call.on('cancelled', leave);
    call.on('close', leave);
    if (call.cancelled) leave();
  }

  /** Aborts when the client has gone, by itself or by its deadline. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  write(message: Response): void {
    if (!this.gone.signal.aborted) this.call.write(message);
  }

  /** Resolves when the client keeps up, or has gone. */
  async flushed(): Promise<void> {
    if (this.gone.signal.aborted || !this.call.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.call.off('drain', done);
        this.gone.signal.removeEventListener('abort', done);
        resolve();
      };
      this.call.on('drain', done);
      this.gone.signal.addEventListener('abort', done);
    });
  }

  end(): void {
    if (!this.gone.signal.aborted) this.call.end();
  }

  fail(error: unknown): void {
    if (!this.gone.signal.aborted) this.call.emit('error', failureOf(error));
  }
}
