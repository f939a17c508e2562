/** The load generator: a process of its own, so that what it costs is not taken for the server's. */
import { answerParent } from '../process/answer.js';
import { type HttpAnswer, HttpConnection } from './connection.js';
import { OnePaymentEach } from './one-payment-each.js';
import type { LoadOrder, LoadReport } from './order.js';
import { isUnknown, paymentIn } from './paid.js';
import { releaseIn } from './released.js';

const KEPT_EXAMPLES = 3;

answerParent({ run });

async function run(order: LoadOrder): Promise<LoadReport> {
  const { bodies } = order;
  const outcomeIn = order.expects === 'release' ? releaseIn : paymentIn;
  const requests = bodies.map((body, index) => requestOf(order, body, index));
  const connections = await Promise.all(
    Array.from({ length: Math.min(order.inFlight, requests.length) }, () => HttpConnection.open(order.port)),
  );
  const latenciesMs = new Float64Array(requests.length);
  const payments = new OnePaymentEach();
  const examples: string[] = [];
  let wrong = 0;
  let unknown = 0;
  let next = 0;

  function check(asked: string, { status, body }: HttpAnswer): void {
    const right = payments.end(asked, status === 200 ? outcomeIn(body) : undefined);
    if (right) return;
    if (order.mayBeUnknown && status === 200 && isUnknown(body)) {
      unknown += 1;
      return;
    }
    wrong += 1;
    if (examples.length < KEPT_EXAMPLES) examples.push(`${status} ${body.slice(0, 500)}`);
  }

  async function work(connection: HttpConnection): Promise<void> {
    while (next < requests.length) {
      const index = next;
      next += 1;
      const asked = bodies[index] ?? '';
      payments.begin(asked);
      const startedMs = performance.now();
      const answer = await connection.exchange(requests[index] ?? '');
      latenciesMs[index] = performance.now() - startedMs;
      check(asked, answer);
    }
  }

  const startedMs = performance.now();
  await Promise.all(connections.map(work));
  const durationMs = performance.now() - startedMs;
  for (const connection of connections) connection.close();
  return { durationMs, latenciesMs, overlapping: payments.overlapping, unknown, wrong, examples };
}

function requestOf({ path, port, headers, tokens = [] }: LoadOrder, body: string, index: number): string {
  const token = tokens[index % tokens.length];
  const all = token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
