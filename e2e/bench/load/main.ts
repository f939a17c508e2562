/** The load generator: a process of its own, so that what it costs is not taken for the server's. */
import { answerParent } from '../process/answer.js';
import { type HttpAnswer, HttpConnection } from './connection.js';
import type { LoadOrder, LoadReport } from './order.js';
import { isPaid } from './paid.js';

const KEPT_EXAMPLES = 3;

answerParent({ run });

async function run(order: LoadOrder): Promise<LoadReport> {
  const requests = order.bodies.map((body) => requestOf(order, body));
  const connections = await Promise.all(
    Array.from({ length: Math.min(order.inFlight, requests.length) }, () => HttpConnection.open(order.port)),
  );
  const latenciesMs = new Float64Array(requests.length);
  const examples: string[] = [];
  let wrong = 0;
  let next = 0;

  function check({ status, body }: HttpAnswer): void {
    if (status === 200 && isPaid(body)) return;
    wrong += 1;
    if (examples.length < KEPT_EXAMPLES) examples.push(`${status} ${body.slice(0, 500)}`);
  }

  async function work(connection: HttpConnection): Promise<void> {
    while (next < requests.length) {
      const index = next;
      next += 1;
      const startedMs = performance.now();
      const answer = await connection.exchange(requests[index] ?? '');
      latenciesMs[index] = performance.now() - startedMs;
      check(answer);
    }
  }

  const startedMs = performance.now();
  await Promise.all(connections.map(work));
  const durationMs = performance.now() - startedMs;
  for (const connection of connections) connection.close();
  return { durationMs, latenciesMs, wrong, examples };
}

function requestOf({ path, port, headers }: LoadOrder, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
