import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Somebody who is signed in. */
export class Person {
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly opened: (socket: Client) => void,
  ) {}

  /** The whole answer, errors too. */
  async ask<Data>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<Data>;
  }

  /** The one field asked for. @throws Error on anything in `errors` */
  async get<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask<Record<string, Data>>(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0] as Data;
  }

  /** Runs a mutation `name(input)`, whose result is asked for by `fields`. */
  act<Data>(name: string, input: object, fields: string): Promise<Data> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    return this.get<Data>(
      `mutation M($input: ${type}!) { ${name}(input: $input) { __typename ... on Rejection { code message path } ${fields} } }`,
      { input },
    );
  }

  /** Collects what a subscription delivers; ready when the server has taken it. */
  watch<Data>(
    query: string,
    variables: Record<string, unknown>,
  ): { readonly received: Data[]; until(done: (received: readonly Data[]) => boolean): Promise<void> } {
    const socket = createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
    });
    this.opened(socket);
    const received: Data[] = [];
    let fault: unknown;
    socket.subscribe<Record<string, Data>>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) fault = errors;
          else if (data) received.push(Object.values(data)[0] as Data);
        },
        error: (error) => (fault = error),
        complete: () => undefined,
      },
    );
    return {
      received,
      until: (done) =>
        eventually(() => {
          if (fault) throw new Error(JSON.stringify(fault));
          return Promise.resolve(done(received));
        }),
    };
  }
}

const PATIENCE_MS = 15_000;

/** Asks again until it is so. @throws Error when it is not so in time */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedMs > PATIENCE_MS)
      throw new Error(`Not so after ${PATIENCE_MS} ms: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Asks until the answer is as wanted, and gives it. */
export async function settled<Value>(
  ask: () => Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<Value> {
  let last: Value | undefined;
  await eventually(async () => wanted((last = await ask())));
  return last as Value;
}
