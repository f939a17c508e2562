import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SandboxBank, openSandboxBank } from '#libs/channels/adapters/sandbox-bank/index.js';
import type { SandboxBankOptions } from '#libs/channels/adapters/sandbox-bank/options.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import {
  agreementOf,
  obtainOwnKeys,
  publishKeys,
  readPartnerKeys,
} from '#libs/security/adapters/agreement-keys.js';
import { SqliteNonces } from '#libs/security/adapters/nonces-sqlite.js';
import { type SandboxConfig, readSandboxConfig } from './config.js';
import { type Listening, exchangeFiles } from './exchange.js';
import { whenParentEnds } from './parent.js';

/** Whatever was promised is durable already; nothing is worth waiting for longer. */
const CLOSE_LIMIT_MS = 1_000;
const PORT_PATIENCE_MS = 3_000;
const PORT_PAUSE_MS = 50;

async function open(config: SandboxConfig): Promise<SandboxBank & { readonly nonces: SqliteNonces }> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const runtime = systemRuntime();
  const files = exchangeFiles(config.exchangeDir);
  const partners = await readPartnerKeys(files.sluicePublic);
  const tenants = [...new Set([...partners.values()].map(({ tenant }) => tenant))];
  const own = await obtainOwnKeys(join(config.dataDir, 'keys.json'), 'bank', tenants);
  await publishKeys(files.bankPublic, own);
  const nonces = SqliteNonces.open({ file: join(config.dataDir, 'nonces.db'), clock: runtime.clock });
  const bank = await afterThePredecessor({
    ...config,
    callbackUrl: () => config.callbackUrl,
    agreement: agreementOf(own, () => partners),
    nonces,
    runtime,
  });
  return { ...bank, nonces };
}

/** With a port of its own choice: whoever had it before us may be ending just now. */
async function afterThePredecessor(options: SandboxBankOptions): Promise<SandboxBank> {
  for (let waitedMs = 0; ; waitedMs += PORT_PAUSE_MS) {
    try {
      return await openSandboxBank(options);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EADDRINUSE' || waitedMs >= PORT_PATIENCE_MS) throw fault;
      await options.runtime.timers.sleep(PORT_PAUSE_MS);
    }
  }
}

async function run(): Promise<void> {
  const config = readSandboxConfig(process.env);
  const opening = open(config);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), CLOSE_LIMIT_MS).unref();
    void opening
      .then(async (bank) => {
        await bank.close();
        await bank.nonces.close();
      })
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  // Ctrl-C reaches the whole group; a parent that still serves somebody ends it itself, last of all.
  process.on('SIGINT', config.tied ? () => undefined : stop);
  if (config.tied) whenParentEnds(stop);
  const listening: Listening = { port: (await opening).port };
  const text = `${JSON.stringify(listening)}\n`;
  // For whoever looks from outside; our parent reads the line.
  await writeFile(join(config.dataDir, 'listening.json'), text);
  process.stdout.write(text);
}

await run().catch((fault: unknown) => {
  process.stderr.write(
    `sandbox-bank: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`,
  );
  process.exit(1);
});
