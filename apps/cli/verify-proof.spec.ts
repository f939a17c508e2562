import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playedContract, type PlayedContract } from '#libs/testing/release-proofs.js';
import { runCli } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-proof-'));
const file = join(folder, 'proof.json');
let played: PlayedContract;
beforeAll(async () => {
  played = await playedContract();
});
afterAll(async () => {
  await played[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  let out = '';
  let said = '';
  const code = await runCli(['verify-proof', ...args], {
    write: (text) => Promise.resolve(void (out += text)),
    say: (text) => void (said += text),
    env: {},
  });
  return { code, out, said };
}

describe('verify-proof', () => {
  it('says that a proof holds, check by check', async () => {
    const proof = await played.proofOf(played.payouts[0]!);
    writeFileSync(file, JSON.stringify(proof, null, 2));
    const { code, out } = await cli(file);
    expect([code, out.split('\n').filter((line) => line.startsWith('ok')).length]).toEqual([0, 11]);
    expect(out).toContain(`GOOD The proof holds. 释放凭证有效。\nhead ${proof.headHash}`);
  });

  it('names what does not hold', async () => {
    const proof = await played.proofOf(played.payouts[0]!);
    writeFileSync(file, JSON.stringify({ ...proof, payout: { ...proof.payout, amount: '10001' } }));
    const { code, out } = await cli(file, '--json');
    const verdict = JSON.parse(out) as { valid: boolean; checks: { name: string; ok: boolean }[] };
    expect([code, verdict.valid, verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)]).toEqual([
      1,
      false,
      ['digest', 'summary'],
    ]);
  });

  it('needs one file that is there', async () => {
    expect((await cli()).code).toBe(2);
    expect(await cli(join(folder, 'none.json'))).toMatchObject({ code: 2, out: '' });
  });
});
