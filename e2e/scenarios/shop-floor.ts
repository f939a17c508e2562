import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'graphql-ws';
import { SignJWT, importJWK } from 'jose';
import { readConfig } from '#apps/standalone/config.js';
import { type RunningApplication, startApplication } from '#apps/standalone/start.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { knownIssuerKeys } from '#libs/security/adapters/issuer/keys.js';
import { AUDIENCE } from '#libs/security/adapters/tokens/verifier.js';
import type { Role } from '#libs/security/port/index.js';
import { Person } from './person.js';

export { Person, settled } from './person.js';

/** The product on a data folder of its own, without the demo, and everybody who works with it. */
export class ShopFloor {
  #running: RunningApplication;
  readonly #sockets: Client[] = [];

  private constructor(
    readonly dataDir: string,
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
  restart(): Promise<void> {
    return this.whileStopped(() => Promise.resolve());
  }

  /** What others do with the data of a product that does not run; afterwards it runs again. */
  async whileStopped(act: (dataDir: string) => Promise<void>): Promise<void> {
    await this.#disconnect();
    await this.#running.stop();
    try {
      await act(this.dataDir);
    } finally {
      this.#running = await start(this.dataDir);
    }
  }

  async close(): Promise<void> {
    await this.#disconnect();
    await this.#running.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** What the contexts offer each other within the process, for what no operation of the schema does by itself. */
  part<Part>(token: symbol): Part {
    return this.#running.app.get<Part>(token, { strict: false });
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
