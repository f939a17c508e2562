import { type ChildProcess, fork } from 'node:child_process';

/** Children are compiled files, also when this module itself runs from source (under the test runner). */
const COMPILED = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/e2e/bench/', import.meta.url)
  : new URL('../', import.meta.url);

/** Longest answer waited for; the largest preparations take a fraction of it. */
const ANSWER_TIMEOUT_MS = 300_000;

export interface Request {
  readonly id: number;
  readonly op: string;
  readonly argument: unknown;
}

export type Reply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A process of the benchmark that answers questions. What it prints goes to stderr. */
export class Child {
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;

  private constructor(private readonly process: ChildProcess) {
    process.on('message', (reply: Reply) => this.#receive(reply));
    this.#exited = new Promise((resolve) => process.once('exit', () => resolve()));
    process.once('exit', (code, signal) =>
      this.#fail(new Error(`The process ended with ${signal ?? code}.`)),
    );
    process.once('error', (error) => this.#fail(error));
  }

  /** @param entry compiled file below e2e/bench, such as `load/main.js` */
  static start(entry: string, environment: Readonly<Record<string, string>> = {}): Child {
    return new Child(
      fork(new URL(entry, COMPILED), {
        serialization: 'advanced',
        stdio: ['ignore', 2, 2, 'ipc'],
        env: { ...process.env, ...environment },
      }),
    );
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** @throws Error with the text of what the child threw, or when it is gone */
  ask<Answer>(op: string, argument?: unknown): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Answer>((resolve, reject) => {
      const timeout = setTimeout(
        () => this.#settle(id)?.reject(new Error(`No answer to "${op}" in time.`)),
        ANSWER_TIMEOUT_MS,
      );
      this.#waiting.set(id, {
        resolve: (value) => (clearTimeout(timeout), resolve(value as Answer)),
        reject: (error) => (clearTimeout(timeout), reject(error)),
      });
      this.process.send({ id, op, argument } satisfies Request, (error) => {
        if (error) this.#settle(id)?.reject(error);
      });
    });
  }

  /** Lets it end by itself; kills it when it does not within ten seconds. */
  async stop(): Promise<void> {
    if (this.process.connected) this.process.disconnect();
    const kill = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    if (this.process.exitCode === null && this.process.signalCode === null) await this.#exited;
    clearTimeout(kill);
  }

  #receive(reply: Reply): void {
    const waiting = this.#settle(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: Error): void {
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(error);
  }
}
