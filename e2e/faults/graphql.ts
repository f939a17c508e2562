import { Agent, request } from 'node:http';

/** No answer, or none that says what became of the request: it may have taken effect. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** The product answered, but not with data. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

const TIMEOUT_MS = 10_000;

/** Asks one product over kept-alive connections. A new one after each crash: the old connections are gone. */
export class GraphqlClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 128 });

  constructor(private readonly url: string) {}

  /**
   * @throws Unanswered  connection lost, no answer in time, or "come back later"
   * @throws Unexpected  any other protocol error: a mistake of the harness or of the product
   */
  async ask<Data>(
    token: string,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Data> {
    const body = JSON.stringify({ query, variables });
    const { status, text } = await this.#post(token, body);
    if (status === 429 || (status > 500 && status <= 599))
      throw new Unanswered(`${status} ${text.slice(0, 300)}`);
    const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown };
    if (errors !== undefined || data === undefined) throw new Unexpected(`${status} ${text.slice(0, 2_000)}`);
    return data;
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(token: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const lost = (error: Error): void => reject(new Unanswered(error.message));
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'content-length': Buffer.byteLength(body),
      };
      const asked = request(
        `${this.url}/graphql`,
        { method: 'POST', agent: this.#agent, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            response.complete
              ? resolve({ status: response.statusCode ?? 0, text })
              : lost(new Error('cut off')),
          );
          response.on('error', lost);
          // A response that is cut off before its end says "aborted" only.
          response.on('aborted', () => lost(new Error('aborted')));
        },
      );
      asked.setTimeout(TIMEOUT_MS, () => asked.destroy(new Error('no answer in time')));
      asked.on('error', lost);
      asked.end(body);
    });
  }
}
