import { type Socket, connect } from 'node:net';
import { once } from 'node:events';

const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const MAX_ANSWER_BYTES = 1_048_576;

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * One HTTP/1.1 connection with one request at a time. Only what the measured servers send is understood: a status line,
 * headers with a content-length, a body.
 *
 * Why not autocannon: it was the bottleneck. With 64 connections and a check of every answer it drove node:http + graphql-js
 * and @apollo/server at the same 5,900 requests/s, this client at 7,400 and 6,500 on the same two cores.
 */
export class HttpConnection {
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** Of the whole answer, once its head has come. */
  #expectedBytes = -1;
  #headBytes = 0;
  #status = 0;
  #answered: ((answer: HttpAnswer) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('The server closed the connection.')));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** @param request head and body as they go over the wire */
  exchange(request: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.socket.write(request);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#expectedBytes < 0) this.#readHead();
    if (this.#expectedBytes < 0 || this.#receivedBytes < this.#expectedBytes) return;
    const whole = this.#whole();
    const answer = {
      status: this.#status,
      body: whole.toString('utf8', this.#headBytes, this.#expectedBytes),
    };
    this.#received = [];
    this.#receivedBytes = 0;
    this.#expectedBytes = -1;
    this.#answered?.(answer);
  }

  #readHead(): void {
    const whole = this.#whole();
    const end = whole.indexOf(HEAD_END);
    if (end < 0) return;
    const head = whole.toString('latin1', 0, end);
    const length = Number(CONTENT_LENGTH.exec(head)?.[1] ?? Number.NaN);
    if (!(length <= MAX_ANSWER_BYTES)) {
      this.#failed?.(new Error(`An answer without a content-length, or a too long one: ${head}`));
      this.close();
      return;
    }
    this.#status = Number(head.slice(9, 12));
    this.#headBytes = end + HEAD_END.length;
    this.#expectedBytes = this.#headBytes + length;
  }

  #whole(): Buffer {
    const [first] = this.#received;
    return this.#received.length === 1 && first ? first : Buffer.concat(this.#received);
  }
}
