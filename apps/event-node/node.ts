import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { authenticate } from './auth.js';
import type { Credentials } from './auth.js';
import type { TlsFiles } from './config.js';
import { PersistentSubscriptions } from './persistent/groups.js';
import { addPersistentSubscriptions } from './persistent/service.js';
import { addFeatures } from './services/features.js';
import { addGossip } from './services/gossip.js';
import { addStreams } from './streams/service.js';

export interface NodeOptions {
  readonly engine: LogEngine;
  readonly runtime: Runtime;
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  readonly credentials?: Credentials | undefined;
}

export interface EventNode {
  readonly port: number;
  readonly connectionString: string;
  /** Takes no more calls, lets those under way finish, then cuts the rest off. Leaves the engine open. */
  close(): Promise<void>;
}

/** Larger than any append the engine takes, so that one too large is refused by name and not by a broken stream. */
const MAX_RECEIVE_BYTES = 32 * 1024 * 1024;
/** Calls get so long to finish when the node stops. */
const DRAIN_MS = 5_000;

/**
 * Resets of streams by a client before HTTP/2 takes them for an attack and closes the session, at once and per second.
 * db-client resets the stream of every read that finds no stream, so the defaults (1,000 and 33) end a bulk import.
 */
const STREAM_RESETS = { streamResetBurst: 100_000, streamResetRate: 20_000 };

/** Serves an engine. @throws Error when the port is taken; LogUnavailable when the engine does not answer */
export async function startEventNode(options: NodeOptions): Promise<EventNode> {
  const { engine, runtime } = options;
  const interceptors: ServerInterceptor[] = options.credentials ? [authenticate(options.credentials)] : [];
  const server = new Server({
    interceptors,
    'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  // Private, but grpc-js passes no option of the HTTP/2 server on.
  Object.assign(server['commonServerOptions'], STREAM_RESETS);
  const draining = new AbortController();
  const groups = await PersistentSubscriptions.open(engine, runtime);
  addFeatures(server);
  addGossip(server, runtime.ids.next());
  addStreams(server, engine, draining.signal);
  addPersistentSubscriptions(server, engine, groups);
  const port = await listen(server, options);
  let closed: Promise<void> | undefined;
  const stop = async () => {
    draining.abort();
    await groups.close();
    await shutDown(server);
  };
  return {
    port,
    connectionString: `esdb://${bracketed(options.host)}:${port}?tls=${options.tls ? 'true' : 'false'}`,
    close: () => (closed ??= stop()),
  };
}

/** An IPv6 address as it stands before a port. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function listen(server: Server, options: NodeOptions): Promise<number> {
  const credentials = options.tls
    ? ServerCredentials.createSsl(null, [
        { cert_chain: options.tls.certificate, private_key: options.tls.key },
      ])
    : ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync(`${bracketed(options.host)}:${options.port}`, credentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
