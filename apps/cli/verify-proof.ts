import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { schemasFolder } from '#apps/standalone/folders.js';
import { loadProofSchemas } from '#libs/contracts/application/proof/proof-schemas.js';
import { verifyReleaseProof } from '#libs/contracts/application/proof/verify-proof.js';
import { MOST_PROOF_BYTES } from '#libs/contracts/contract/proof.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { type Command, UsageError } from './command.js';

/** Needs no data folder: a proof says all that it takes. */
export const verifyProof: Command = {
  name: 'verify-proof',
  summary: 'judge a release proof by nothing but itself · 校验释放凭证',
  usage: `verify-proof <file> [--json]
  --json   print the verdict as one JSON object
Exit code 1 when the proof does not hold, 2 when the file cannot be read.`,
  async run(args, io) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageError('Name one file. 请指定一个文件。');
    const text = await readDocument(file);
    const schemas = loadProofSchemas(schemasFolder('events'), schemasFolder('contracts'));
    const verifier = signatureVerifier({ timers: systemRuntime().timers });
    try {
      const verdict = await verifyReleaseProof({ verifier, schemas }, text);
      if (values.json) {
        await io.write(`${JSON.stringify(verdict)}\n`);
        return verdict.valid ? 0 : 1;
      }
      const lines = verdict.checks.map(
        ({ name, ok, detail }) => `${ok ? 'ok  ' : 'BAD '} ${name.padEnd(12)}${detail}`,
      );
      const said = verdict.valid
        ? `GOOD The proof holds. 释放凭证有效。\nhead ${verdict.headHash} at revision ${verdict.revision}`
        : 'BAD  The proof does not hold. 释放凭证无效。';
      await io.write(`${lines.join('\n')}\n${said}\n`);
      return verdict.valid ? 0 : 1;
    } finally {
      await verifier.close();
    }
  },
};

/** A file that is larger than any proof is read no further. */
async function readDocument(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(MOST_PROOF_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    await handle.close();
  }
}
