import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { SignJWT, importJWK } from 'jose';
import { WebSocket } from 'ws';
import { readConfig } from '#apps/standalone/config.js';
import { type RunningApplication, startApplication } from '#apps/standalone/start.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { knownIssuerKeys } from '#libs/security/adapters/issuer/keys.js';
import { AUDIENCE } from '#libs/security/adapters/tokens/verifier.js';
import type { Role } from '#libs/security/port/index.js';

export interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** The product on a data folder of its own, without the demo, and everybody who works with it. */
export class ShopFloor {
  #running: RunningApplication;
  readonly #sockets: Client[] = [];

  private constructor(
    private readonly dataDir: string,
    running: RunningApplication,
  ) {
    this.#running = running;
  }

  static async open(): Promise<ShopFloor> {
    const dataDir = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    return new ShopFloor(dataDir, await start(dataDir));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#running.port}`;
  }

  /** Stops as SIGTERM does and starts again on the same data. */
  async restart(): Promise<void> {
    await this.#disconnect();
    await this.#running.stop();
    this.#running = await start(this.dataDir);
  }

  async close(): Promise<void> {
    await this.#disconnect();
    await this.#running.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  token(username: string): Promise<string> {
    return mintDemoToken(username, { dataDir: this.dataDir });
  }

  async person(username: string): Promise<Person> {
    return new Person(this.url, await this.token(username), (socket) => this.#sockets.push(socket));
  }

  /** A person of another bank on the same installation. */
  async stranger({
    roles,
    organisation,
  }: {
    readonly roles: readonly Role[];
    readonly organisation: string;
  }): Promise<Person> {
    const { jwk, issuers } = await knownIssuerKeys(this.dataDir, '');
    const claims = { person: `stranger-${roles.join()}`, tenant: 'another-bank', org: organisation, roles };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid ?? '' })
      .setIssuer(issuers.at(-1) ?? '')
      .setSubject(`stranger-${roles.join()}`)
      .setAudience(AUDIENCE)
      .setExpirationTime('10m')
      .sign(await importJWK(jwk, 'ES256'));
    return new Person(this.url, token, (socket) => this.#sockets.push(socket));
  }

  async #disconnect(): Promise<void> {
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.dispose()));
  }
}

function start(dataDir: string): Promise<RunningApplication> {
  return startApplication(
    readConfig({ SLUICE_DATA_DIR: dataDir, PORT: '0', SLUICE_DEMO: 'off', SLUICE_LOG_LEVEL: 'error' }),
    () => undefined,
  );
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
