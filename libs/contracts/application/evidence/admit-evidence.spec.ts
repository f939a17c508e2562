import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import type { CheckedSignature, EvidenceStatement } from '../../domain/release-contract/messages.js';
import type { AttestorKey } from '../../domain/template/types.js';
import type { Attestor } from '../../domain/terms/types.js';
import { statementBytes, statementHashOf } from '../hashes.js';
import { admitEvidence } from './admit-evidence.js';
import { loadEvidenceSchemas } from './evidence-schemas.js';
import { readStatement } from './read-statement.js';

const verifier = signatureVerifier({ timers: systemRuntime().timers });
afterAll(() => verifier.close());
const ports = { verifier, schemas: loadEvidenceSchemas('schemas/contracts/evidence') };

interface Device extends AttestorKey {
  signed(statement: EvidenceStatement): CheckedSignature;
}

function device(name?: string): Device {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const key = { keyId: name ?? keyIdOf(raw), alg: 'Ed25519' as const, publicKey: raw.toString('base64url') };
  return {
    ...key,
    signed: (statement) => ({
      keyId: key.keyId,
      alg: key.alg,
      sig: sign(null, statementBytes(statement), privateKey).toString('base64url'),
    }),
  };
}

const [first, second, stranger] = [device(), device(), device()];
const attestorOf = (...keys: readonly Device[]): Attestor => ({
  keys: keys.map(({ keyId, alg, publicKey }) => ({ keyId, alg, publicKey })),
  k: 2,
  schema: 'lesson.v1',
});
const contract = {
  contractId: asId<'contract'>('0198c0de-0000-7000-8000-000000000001'),
  attestors: { terminal: attestorOf(first, second) },
};
const LESSON: EvidenceStatement = {
  contractId: contract.contractId,
  rule: 'lesson',
  schema: 'lesson.v1',
  dedupeKey: '1',
  payload: { lessonNo: '1', deliveredOn: '2026-09-01' },
  observedAt: parseInstant('2026-09-01T08:00:00.000Z'),
};

const changed = (part: object): EvidenceStatement => ({ ...LESSON, ...part });
const codeOf = async (statement: EvidenceStatement, signatures: readonly CheckedSignature[]) => {
  const outcome = await admitEvidence(ports, contract, { statement, signatures });
  return outcome.accepted ? 'ADMITTED' : outcome.rejection.code;
};

describe('evidence', () => {
  it('is admitted with all its signatures and its hash', async () => {
    const signatures = [first.signed(LESSON), second.signed(LESSON)];
    expect(await admitEvidence(ports, contract, { statement: LESSON, signatures })).toEqual({
      accepted: true,
      value: { statement: LESSON, statementHash: statementHashOf(LESSON), signatures },
    });
  });

  it('says the same whatever the order of its members', async () => {
    const { payload, ...rest } = LESSON;
    const other = { payload: { deliveredOn: payload['deliveredOn'], lessonNo: '1' }, ...rest };
    expect(await codeOf(other, [first.signed(LESSON)])).toBe('ADMITTED');
  });

  it('without a signature is left to the terms', async () => {
    expect(await codeOf(LESSON, [])).toBe('ADMITTED');
  });

  it.each<[string, EvidenceStatement, readonly CheckedSignature[], string]>([
    ['signed by a stranger', LESSON, [stranger.signed(LESSON)], 'BAD_SIGNATURE'],
    [
      'a stranger beside enough right ones',
      LESSON,
      [first.signed(LESSON), second.signed(LESSON), stranger.signed(LESSON)],
      'BAD_SIGNATURE',
    ],
    [
      'one wrong signature beside a right one',
      LESSON,
      [first.signed(LESSON), { ...second.signed(LESSON), sig: first.signed(LESSON).sig }],
      'BAD_SIGNATURE',
    ],
    ['one key twice', LESSON, [first.signed(LESSON), first.signed(LESSON)], 'BAD_SIGNATURE'],
    [
      'two strangers under one name',
      LESSON,
      [stranger.signed(LESSON), stranger.signed(LESSON)],
      'BAD_SIGNATURE',
    ],
    [
      'a stranger in another’s name',
      LESSON,
      [{ ...stranger.signed(LESSON), keyId: first.keyId }],
      'BAD_SIGNATURE',
    ],
    [
      'an altered payload',
      changed({ payload: { lessonNo: '2', deliveredOn: '2026-09-01' } }),
      [first.signed(LESSON)],
      'BAD_SIGNATURE',
    ],
    ['an altered unit', changed({ dedupeKey: '2' }), [first.signed(LESSON)], 'BAD_SIGNATURE'],
    ['an altered rule', changed({ rule: 'closure' }), [first.signed(LESSON)], 'BAD_SIGNATURE'],
    [
      'an altered moment',
      changed({ observedAt: '2026-09-01T08:00:00.001Z' }),
      [first.signed(LESSON)],
      'BAD_SIGNATURE',
    ],
    ['the wrong algorithm for the key', LESSON, [{ ...first.signed(LESSON), alg: 'SM2' }], 'BAD_SIGNATURE'],
    ['an unknown algorithm', LESSON, [{ ...first.signed(LESSON), alg: 'none' as 'SM2' }], 'BAD_SIGNATURE'],
    ['an empty signature', LESSON, [{ ...first.signed(LESSON), sig: '' }], 'BAD_SIGNATURE'],
    [
      'another contract’s, signed for that one',
      changed({ contractId: '0198c0de-0000-7000-8000-000000000002' }),
      [first.signed(changed({ contractId: '0198c0de-0000-7000-8000-000000000002' }))],
      'INVALID_EVIDENCE',
    ],
    [
      'another contract’s, replayed under this one’s id',
      LESSON,
      [first.signed(changed({ contractId: '0198c0de-0000-7000-8000-000000000002' }))],
      'BAD_SIGNATURE',
    ],
    [
      'another schema’s key',
      changed({ schema: 'reading.v1', payload: { readingNo: '1', reading: '2' } }),
      [first.signed(changed({ schema: 'reading.v1', payload: { readingNo: '1', reading: '2' } }))],
      'BAD_SIGNATURE',
    ],
    ['a schema that nobody knows', changed({ schema: 'lesson.v9' }), [], 'INVALID_EVIDENCE'],
    ['a schema that is a path', changed({ schema: '../lesson.v1' }), [], 'INVALID_EVIDENCE'],
    ['a member too many', changed({ extra: 1 }), [], 'INVALID_EVIDENCE'],
    [
      'a payload member too many',
      changed({ payload: { ...LESSON.payload, pupil: '学生0001' } }),
      [],
      'INVALID_EVIDENCE',
    ],
    [
      'a number for a text',
      changed({ payload: { lessonNo: 1, deliveredOn: '2026-09-01' } }),
      [],
      'INVALID_EVIDENCE',
    ],
    ['no payload', changed({ payload: null }), [], 'INVALID_EVIDENCE'],
    ['half a character', changed({ dedupeKey: '\ud83d' }), [], 'INVALID_EVIDENCE'],
    ['an empty unit', changed({ dedupeKey: '' }), [], 'INVALID_EVIDENCE'],
    [
      'a moment with an offset',
      changed({ observedAt: '2026-09-01T16:00:00.000+08:00' }),
      [],
      'INVALID_EVIDENCE',
    ],
    [
      'a moment without milliseconds',
      changed({ observedAt: '2026-09-01T08:00:00Z' }),
      [],
      'INVALID_EVIDENCE',
    ],
    [
      'a day that does not exist',
      changed({ observedAt: '2026-02-30T08:00:00.000Z' }),
      [],
      'INVALID_EVIDENCE',
    ],
    [
      'seventeen signatures',
      LESSON,
      Array.from({ length: 17 }, () => first.signed(LESSON)),
      'INVALID_EVIDENCE',
    ],
  ])('is refused: %s', async (_, statement, signatures, code) => {
    expect(await codeOf(statement, signatures)).toBe(code);
  });

  it('beyond 16 KiB is too large, whatever schema would take it', async () => {
    const anything = { ...ports, schemas: { has: () => true, violation: () => undefined } };
    const sized = (bytes: number) => {
      const empty = statementBytes(changed({ payload: { note: '' } })).length;
      return changed({ payload: { note: 'x'.repeat(bytes - empty) } });
    };
    const admit = async (bytes: number) => {
      const statement = sized(bytes);
      const outcome = await admitEvidence(anything, contract, { statement, signatures: [] });
      return outcome.accepted ? 'ADMITTED' : outcome.rejection.code;
    };
    expect([await admit(16_384), await admit(16_385)]).toEqual(['ADMITTED', 'EVIDENCE_TOO_LARGE']);
  });

  it('of two attestors that give one name to two keys is nobody’s', async () => {
    const [left, right] = [device('terminal-1'), device('terminal-1')];
    const ambiguous = { ...contract, attestors: { one: attestorOf(left), other: attestorOf(right) } };
    for (const key of [left, right]) {
      const evidence = { statement: LESSON, signatures: [key.signed(LESSON)] };
      expect(await admitEvidence(ports, ambiguous, evidence)).toMatchObject({
        accepted: false,
        rejection: { code: 'BAD_SIGNATURE' },
      });
    }
  });
});

describe('a statement as text', () => {
  const text = JSON.stringify(LESSON, null, 2);

  it('is read, spaces and order aside', () => {
    expect(readStatement(text)).toEqual({ accepted: true, value: LESSON });
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'INVALID_EVIDENCE'],
    ['a list', '[]', 'INVALID_EVIDENCE'],
    ['null', 'null', 'INVALID_EVIDENCE'],
    ['one name twice', text.replace('"rule"', '"rule": "closure", "rule"'), 'INVALID_EVIDENCE'],
    [
      'one name of the payload twice',
      text.replace('"lessonNo"', '"lessonNo": "2", "lessonNo"'),
      'INVALID_EVIDENCE',
    ],
    [
      'a prototype',
      text.replace('"lessonNo"', '"__proto__": {"lessonNo": "2"}, "lessonNo"'),
      'INVALID_EVIDENCE',
    ],
    ['half a character', text.replace('"dedupeKey": "1"', '"dedupeKey": "\\ud800"'), 'INVALID_EVIDENCE'],
    ['seventeen levels', text.replace('"1"', `${'['.repeat(17)}${']'.repeat(17)}`), 'INVALID_EVIDENCE'],
    ['a megabyte', `{"a":"${'x'.repeat(1_048_576)}"}`, 'EVIDENCE_TOO_LARGE'],
  ])('is refused: %s', (_, bad, code) => {
    expect(readStatement(bad)).toMatchObject({ accepted: false, rejection: { code } });
  });
});
