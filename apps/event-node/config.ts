import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Credentials } from './auth.js';

export interface NodeConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly tls: TlsFiles | undefined;
  readonly credentials: Credentials | undefined;
}

export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

export const USAGE = `event-node: Sluice's event log behind the EventStoreDB gRPC protocol
  --port <n>            SLUICE_EVENT_NODE_PORT       default 2113
  --host <address>      SLUICE_EVENT_NODE_HOST       default 127.0.0.1
  --data-dir <folder>   SLUICE_DATA_DIR              default ./data
  --tls-cert <file>     SLUICE_EVENT_NODE_TLS_CERT   PEM; with --tls-key
  --tls-key <file>      SLUICE_EVENT_NODE_TLS_KEY    PEM
                        SLUICE_EVENT_NODE_USER       with a password; needs TLS
                        SLUICE_EVENT_NODE_PASSWORD   by environment only: flags show in process lists
  --help`;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Flags win over the environment. @throws ConfigError */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): NodeConfig | 'help' {
  const flags = parseFlags(argv);
  if (flags.help) return 'help';
  const tls = tlsOf(
    flags['tls-cert'] ?? env['SLUICE_EVENT_NODE_TLS_CERT'],
    flags['tls-key'] ?? env['SLUICE_EVENT_NODE_TLS_KEY'],
  );
  const credentials = credentialsOf(env['SLUICE_EVENT_NODE_USER'], env['SLUICE_EVENT_NODE_PASSWORD']);
  if (credentials && !tls) {
    throw new ConfigError('A password needs TLS: EventStoreDB clients send none over a plain connection.');
  }
  return {
    host: flags.host ?? env['SLUICE_EVENT_NODE_HOST'] ?? '127.0.0.1',
    port: portOf(flags.port ?? env['SLUICE_EVENT_NODE_PORT'] ?? '2113'),
    dataDir: flags['data-dir'] ?? env['SLUICE_DATA_DIR'] ?? './data',
    tls,
    credentials,
  };
}

function parseFlags(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'data-dir': text,
        'tls-cert': text,
        'tls-key': text,
        help: { type: 'boolean' },
        host: text,
        port: text,
      },
    });
    return values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigError(`"${text}" is not a port.`);
  return port;
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined): TlsFiles | undefined {
  if (!certificateFile && !keyFile) return undefined;
  if (!certificateFile || !keyFile) throw new ConfigError('TLS needs both a certificate and a key.');
  return { certificate: readPem(certificateFile), key: readPem(keyFile) };
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function credentialsOf(user: string | undefined, password: string | undefined): Credentials | undefined {
  if (!user && !password) return undefined;
  if (!user || !password) throw new ConfigError('A user needs a password, and a password a user.');
  return { user, password };
}
