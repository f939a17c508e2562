import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exchangeFiles } from '#apps/sandbox-bank/exchange.js';
import { OperatorChannel } from '#libs/channels/adapters/operator/operator-channel.js';
import { NOTICES_PATH } from '#libs/channels/notices/http.js';
import type { ExternalChannel } from '#libs/channels/port/index.js';
import type { Agreement, PartnerKey } from '#libs/http-signatures/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import {
  type OwnKeys,
  agreementOf,
  existingOwnKeys,
  obtainOwnKeys,
  publishKeys,
  readPartnerKeys,
} from '#libs/security/adapters/agreement-keys.js';
import type { Config } from '../config.js';
import { SandboxProcess } from './sandbox-process.js';

/** The operating institution behind the channel `operator`. */
export interface Institution {
  readonly channel: ExternalChannel;
  readonly agreement: Agreement;
  /** Resolves when requests can be answered, or the sandbox is known not to start; then it is tried again beside us. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export interface InstitutionParts {
  readonly config: Config;
  readonly runtime: Runtime;
  /** Where our own doors are open. */
  readonly port: number;
  readonly report: (what: string) => void;
}

/** The sandbox as a child process, the configured institution, or none; see `SLUICE_BANK_URL`. */
export async function openInstitution({
  config,
  runtime,
  port,
  report,
}: InstitutionParts): Promise<Institution> {
  const folder = join(config.dataDir, 'bank');
  const files = exchangeFiles(folder);
  const own = await ownKeys(config, join(folder, 'sluice-keys.json'), files.sluicePublic);
  let partners: ReadonlyMap<string, PartnerKey> = await readPartnerKeys(files.bankPublic);
  let url = config.bank.kind === 'partner' ? config.bank.url : undefined;
  const agreement = agreementOf(own, () => partners);
  const { clock, rng } = runtime;
  const channel = new OperatorChannel({ baseUrl: () => url, agreement, clock, rng });
  const sandbox =
    config.bank.kind === 'sandbox'
      ? new SandboxProcess({
          env: {
            SLUICE_SANDBOX_DIR: join(folder, 'sandbox'),
            SLUICE_SANDBOX_EXCHANGE_DIR: folder,
            SLUICE_SANDBOX_CALLBACK_URL: `http://${ownHost(config)}:${port}${NOTICES_PATH}`,
          },
          async listening(bankPort) {
            partners = await readPartnerKeys(files.bankPublic);
            url = `http://127.0.0.1:${bankPort}`;
          },
          report,
        })
      : undefined;
  const started = sandbox?.start();
  return {
    channel,
    agreement,
    ready: async () => started,
    async stop() {
      channel.close();
      await sandbox?.stop();
    },
  };
}

/** Without an institution no key is made; those of former days still tell that operations may be under way there. */
async function ownKeys({ bank, tenants }: Config, file: string, publicFile: string): Promise<OwnKeys> {
  if (bank.kind === 'none') return existingOwnKeys(file);
  const own = await obtainOwnKeys(file, 'sluice', tenants);
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  await publishKeys(publicFile, own);
  return own;
}

/** How a neighbour on this machine reaches us. */
function ownHost({ host }: Config): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
