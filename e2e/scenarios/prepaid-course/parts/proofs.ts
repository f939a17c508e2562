import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timelineOf, verdictOn } from '../../contract-acts.js';
import { NotAsItShouldBe, holds } from '../../money-core/holds.js';
import type { CourseStory } from '../story.js';

const PATIENCE_MS = 30_000;
/** Places spread over the document at which one digit is altered. */
const ALTERATIONS = 8;

interface Judged {
  readonly code: number;
  readonly said: string;
}

/** That a payment was right, to somebody who has nothing but a file. */
export async function proofs(story: CourseStory): Promise<void> {
  story.part('Proofs');
  const [payer, stranger, auditor] = [story.person('payer'), story.person('payer2'), story.person('auditor')];
  const { contractId } = story.order('whole');
  let document = '';

  await story.step('every release and refund of the course has one that verifies', async () => {
    const payouts = (await timelineOf(payer, contractId)).filter(({ releaseId }) => releaseId !== null);
    // 23 lessons; one lesson and a lower price back.
    holds('payouts', payouts.length, 25);
    for (const { releaseId, type, amount } of payouts) {
      const proof = await proofOf(payer, contractId, releaseId);
      holds('its digest', proof.digest, /^[0-9a-f]{64}$/);
      const { valid, checks } = await verdictOn(stranger, proof.document);
      holds(
        `checks that fail for ${type} of ¥${amount.amount}`,
        checks.filter(({ ok }) => !ok),
        [],
      );
      holds('the verdict', valid, true);
      if (type === 'FundsReleased') document = proof.document;
    }
    return `${payouts.length} payouts, each verified over GraphQL by somebody who is no party`;
  });

  await story.step('only for whom it concerns', async () => {
    const entries = await timelineOf(auditor, contractId);
    const { releaseId } = entries.find((one) => one.releaseId !== null)!;
    const asked =
      'query P($id: ID!, $r: String!) { releaseProof(contractId: $id, releaseId: $r) { digest } }';
    holds('asked for by a stranger', await stranger.get(asked, { id: contractId, r: releaseId }), null);
    holds('of no release', await payer.get(asked, { id: contractId, r: `${releaseId}0` }), null);
    return 'none for a stranger, none for what was never released';
  });

  await story.step('with one digit altered it does not', async () => {
    const altered = alterationsOf(document);
    for (const { text, at } of altered) {
      const { valid } = await verdictOn(stranger, text);
      holds(`verdict with the digit at ${at} altered: ${document.slice(at - 30, at + 10)}`, valid, false);
    }
    return `${altered.length} places, none passes`;
  });

  await story.step('from a file, by a program that has no data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-proof-'));
    try {
      const file = join(folder, 'proof.json');
      await writeFile(file, document);
      const good = await judged(file, folder);
      holds('the program', good, { code: 0, said: /GOOD The proof holds/ });
      await writeFile(file, alterationsOf(document)[0]!.text);
      holds('the program, one digit altered', await judged(file, folder), { code: 1, said: /BAD/ });
      const digest = createHash('sha256').update(document).digest('hex').slice(0, 8);
      return `${document.length} characters (${digest}…): holds; with one digit altered it does not`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function proofOf(
  who: ReturnType<CourseStory['person']>,
  contractId: string,
  releaseId: string,
): Promise<{ readonly document: string; readonly digest: string }> {
  const proof = await who.get<{ readonly document: string; readonly digest: string } | null>(
    'query P($id: ID!, $r: String!) { releaseProof(contractId: $id, releaseId: $r) { document digest } }',
    { id: contractId, r: releaseId },
  );
  if (!proof) throw new NotAsItShouldBe(`proof of ${releaseId}: expected one, came none`);
  return proof;
}

/** The document with one digit more, at places spread over it. */
function alterationsOf(document: string): readonly { readonly at: number; readonly text: string }[] {
  const digits = [...document.matchAll(/\d/g)].map(({ index }) => index);
  return Array.from({ length: ALTERATIONS }, (_, n) => {
    const at = digits[Math.floor(((n + 0.5) * digits.length) / ALTERATIONS)]!;
    const digit = (Number(document[at]) + 1) % 10;
    return { at, text: `${document.slice(0, at)}${digit}${document.slice(at + 1)}` };
  });
}

/** `npm run verify:proof -- <file>`, in a folder without any data. */
function judged(file: string, folder: string): Promise<Judged> {
  const program = fileURLToPath(new URL(programFrom(import.meta.url), import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning'];
  const env = { PATH: process.env['PATH'] ?? '', SLUICE_DATA_DIR: join(folder, 'no-data') };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...flags, program, 'verify-proof', file],
      { cwd: folder, env, timeout: PATIENCE_MS },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, said: `${out}${err}` });
      },
    );
  });
}

/** The built program, seen from this module or from its build below dist/. */
function programFrom(url: string): string {
  const up = '../../../../';
  return url.includes('/dist/e2e/') ? `${up}apps/cli/main.js` : `${up}dist/apps/cli/main.js`;
}
