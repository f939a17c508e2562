import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NoticeDoor, type NoticeDoorParts } from '#libs/channels/notices/door.js';
import { NOTICES_PATH } from '#libs/channels/notices/http.js';
import type { ChannelNotice, NoticeAnswer } from '#libs/channels/port/index.js';
import { type RequestToSign, type SigningMoment, signRequest } from '#libs/http-signatures/index.js';
import { verifyResponse } from '#libs/http-signatures/response.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { SqliteNonces } from '#libs/security/adapters/nonces-sqlite.js';
import { pairedAgreements } from '#libs/testing/sandbox-bank.js';
import { type TemporaryFolder, temporaryFolder } from '#libs/testing/temporary-folder.js';
import { FrontDoor } from '../http/front-door.js';
import { noticeRoute } from './notices.js';

const runtime = systemRuntime();
const { left: ours, right: banks } = pairedAgreements();
const [demo, other] = [asId<'tenant'>('demo'), asId<'tenant'>('other')];
const bankKey = banks.ownKey(demo)!;
const otherKey = banks.ownKey(other)!;
const OPERATION = 'payment-0b1c2d3e-4f50-7000-8000-000000000001';

let folder: TemporaryFolder;
let nonces: SqliteNonces;
let front: FrontDoor;
let url: string;
const taken: ChannelNotice[] = [];
const faults: unknown[] = [];
let answer: (notice: ChannelNotice) => Promise<NoticeAnswer>;

/** Knows one operation, of one tenant: as a receiver must. */
const receiver = {
  prefix: 'payment',
  receive: (notice: ChannelNotice) => {
    taken.push(notice);
    return answer(notice);
  },
};

function door(more: Partial<NoticeDoorParts> = {}): NoticeDoor {
  const report = (fault: unknown) => void faults.push(fault);
  return new NoticeDoor({ agreement: ours, nonces, receivers: [receiver], runtime, report, ...more });
}

beforeAll(async () => {
  folder = temporaryFolder();
  nonces = SqliteNonces.open({ file: folder.file('nonces.db'), clock: runtime.clock });
  front = new FrontDoor({ port: 0, allowedOrigins: [] });
  url = `http://127.0.0.1:${await front.listen()}`;
  front.open([noticeRoute(door())]);
});
afterAll(async () => {
  const closed = front.close();
  front.server.closeAllConnections();
  await closed;
  await nonces.close();
  folder[Symbol.dispose]();
});
beforeEach(() => {
  taken.length = 0;
  faults.length = 0;
  answer = async ({ tenant, operationId }) =>
    tenant === demo && operationId === OPERATION ? 'taken' : 'unknownOperation';
  front.open([noticeRoute(door())]);
});

const notice = {
  noticeId: 'notice-1',
  operationId: OPERATION,
  outcome: 'succeeded',
  amount: { asset: 'CNY/2', amount: '10003' },
  reference: 'SB1',
  at: '2026-09-01T00:00:00.000Z',
};

interface Sending {
  readonly body?: string | Uint8Array;
  readonly by?: typeof bankKey;
  readonly moment?: Partial<SigningMoment>;
  readonly signed?: Partial<RequestToSign>;
  /** What is sent otherwise than it was signed. */
  readonly sent?: {
    readonly path?: string;
    readonly method?: string;
    readonly body?: string | Uint8Array;
    readonly headers?: Readonly<Record<string, string | undefined>>;
  };
}

let counted = 0;

async function send({
  body = JSON.stringify(notice),
  by = bankKey,
  moment,
  signed,
  sent = {},
}: Sending = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const request = {
    method: 'POST',
    target: NOTICES_PATH,
    body: bytes,
    idempotencyKey: 'notice-1',
    ...signed,
  };
  const nowMs = epochMsOf(runtime.clock.now());
  counted += 1;
  const headers = signRequest(request, by, {
    nowMs,
    nonce: `nonce-of-this-test-${counted}`,
    lifeSeconds: 60,
    ...moment,
  });
  const all = Object.entries({ 'content-type': 'application/json', ...headers, ...sent.headers });
  const response = await fetch(`${url}${sent.path ?? NOTICES_PATH}`, {
    method: sent.method ?? 'POST',
    headers: all.filter((entry): entry is [string, string] => entry[1] !== undefined),
    body: sent.body === undefined ? Buffer.from(bytes) : Buffer.from(sent.body),
  });
  const text = await response.text();
  return { status: response.status, code: codeOf(text), response, text, headers };
}

const codeOf = (text: string): unknown =>
  text.startsWith('{') ? (JSON.parse(text) as { readonly code: unknown }).code : undefined;

describe('POST /channels/operator/notices', () => {
  it('hands a notice over whole, with the tenant of the key, and signs its answer', async () => {
    const { status, code, response, text, headers } = await send();
    expect([status, code]).toEqual([200, 'taken']);
    expect(taken).toEqual([{ ...notice, tenant: demo, amount: money(CNY, 10_003n) }]);
    const received = { status, headers: Object.fromEntries(response.headers), body: Buffer.from(text) };
    const nowMs = epochMsOf(runtime.clock.now());
    const keyOf = (keyId: string) => banks.partnerKey(keyId);
    expect(verifyResponse(received, headers, keyOf, nowMs).key.tenant).toBe(demo);
  });

  it('takes a notice again under a new nonce', async () => {
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(taken.map(({ noticeId }) => noticeId)).toEqual(['notice-1', 'notice-1']);
  });

  it('answers with the receiver’s word', async () => {
    answer = async () => 'contradicts';
    expect(await send()).toMatchObject({ status: 409, code: 'contradicts' });
    answer = async () => 'unknownOperation';
    expect(await send()).toMatchObject({ status: 404, code: 'unknownOperation' });
    answer = () => Promise.reject(new Error('the disk is full'));
    expect(await send()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(faults).toEqual([new Error('the disk is full')]);
  });

  it('does not wait for ever, and takes so many at once', async () => {
    front.open([noticeRoute(door({ deadlineMs: 50, maxInFlight: 2 }))]);
    let finish: (() => void)[] = [];
    answer = () => new Promise((resolve) => finish.push(() => resolve('taken')));
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['OVERLOADED', 'UNAVAILABLE', 'UNAVAILABLE']);
    expect(answers[0]!.response.headers.get('retry-after')).toBe('1');
    for (const each of finish) each();
    finish = [];
    answer = async () => 'taken';
    expect((await send()).status).toBe(200);
  });

  it('refuses two receivers for one prefix', () => {
    expect(() => door({ receivers: [receiver, receiver] })).toThrow('same prefix');
  });
});

const REFUSED = [401, 'SIGNATURE_REFUSED', 0] as const;
const changed = (change: object): string => JSON.stringify({ ...notice, ...change });
const raw = JSON.stringify(notice);

/** Status, code, notices that reached the receiver. */
const attacks: readonly (readonly [string, Sending, readonly [number, unknown, number]])[] = [
  ['forged with a key of one’s own', { by: { ...bankKey, privateKey: otherKey.privateKey } }, REFUSED],
  ['of an unknown key', { by: { ...bankKey, keyId: 'bank.nobody' } }, REFUSED],
  ['signed by ourselves', { by: ours.ownKey(demo)! }, REFUSED],
  ['unsigned', { sent: { headers: { signature: undefined, 'signature-input': undefined } } }, REFUSED],
  ['with another amount', { sent: { body: changed({ amount: { asset: 'CNY/2', amount: '1' } }) } }, REFUSED],
  ['with a blank more', { sent: { body: `${raw} ` } }, REFUSED],
  ['without its body', { sent: { body: '' } }, REFUSED],
  ['with another idempotency key', { sent: { headers: { 'idempotency-key': 'notice-2' } } }, REFUSED],
  ['at another address', { sent: { path: `${NOTICES_PATH}/x` } }, REFUSED],
  ['with a query', { sent: { path: `${NOTICES_PATH}?tenant=other` } }, REFUSED],
  ['that has expired', { moment: { nowMs: epochMsOf(runtime.clock.now()) - 61_000 } }, REFUSED],
  ['of the future', { moment: { nowMs: epochMsOf(runtime.clock.now()) + 120_000 } }, REFUSED],
  ['that lives for a day', { moment: { lifeSeconds: 86_400 } }, REFUSED],
  ['of another tenant’s key', { by: otherKey }, [404, 'unknownOperation', 1]],
  ['that names a tenant', { body: changed({ tenant: 'other' }) }, [400, 'NOTICE_MALFORMED', 0]],
  [
    'of an operation whose process nobody knows',
    { body: changed({ operationId: OPERATION.replace('payment', 'parrot') }) },
    [404, 'unknownOperation', 0],
  ],
  [
    'under another’s key of idempotency',
    { signed: { idempotencyKey: 'notice-2' } },
    [400, 'NOTICE_MALFORMED', 0],
  ],
  ['with an amount in a number', { body: raw.replace('"10003"', '10003') }, [400, 'NOTICE_MALFORMED', 0]],
  ['with an amount below zero', { body: raw.replace('"10003"', '"-1"') }, [400, 'NOTICE_MALFORMED', 0]],
  [
    'of a moment that does not exist',
    { body: raw.replace('2026-09-01', '2026-02-30') },
    [400, 'NOTICE_MALFORMED', 0],
  ],
  ['of an unknown outcome', { body: changed({ outcome: 'maybe' }) }, [400, 'NOTICE_MALFORMED', 0]],
  ['without an outcome', { body: changed({ outcome: undefined }) }, [400, 'NOTICE_MALFORMED', 0]],
  ['of an odd operation id', { body: changed({ operationId: '../../x' }) }, [400, 'NOTICE_MALFORMED', 0]],
  ['with one key twice', { body: raw.replace('{', '{"noticeId":"notice-2",') }, [400, 'NOTICE_MALFORMED', 0]],
  ['with __proto__', { body: raw.replace('{', '{"__proto__":{"a":1},') }, [400, 'NOTICE_MALFORMED', 0]],
  ['of half a JSON', { body: raw.slice(0, 40) }, [400, 'NOTICE_MALFORMED', 0]],
  ['that is a list', { body: `[${raw}]` }, [400, 'NOTICE_MALFORMED', 0]],
  ['that is nothing', { body: '' }, [400, 'NOTICE_MALFORMED', 0]],
  ['that is no UTF-8', { body: Buffer.from([0x7b, 0xff, 0x7d]) }, [400, 'NOTICE_MALFORMED', 0]],
  ['nested deeply', { body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` }, [400, 'NOTICE_MALFORMED', 0]],
  ['of 64 KiB and one byte', { body: 'x'.repeat(65_537) }, [413, 'PAYLOAD_TOO_LARGE', 0]],
  ['of ten megabytes', { body: 'x'.repeat(10_000_000) }, [413, 'PAYLOAD_TOO_LARGE', 0]],
  [
    'that is a form',
    { sent: { headers: { 'content-type': 'text/plain' } } },
    [415, 'UNSUPPORTED_MEDIA_TYPE', 0],
  ],
  [
    'that is packed',
    { sent: { headers: { 'content-encoding': 'gzip' } } },
    [415, 'UNSUPPORTED_MEDIA_TYPE', 0],
  ],
];

describe('a notice', () => {
  it.each(attacks)('%s is refused', async (_name, sending, expected) => {
    const { status, code, text } = await send(sending);
    expect([status, code, taken.length]).toEqual(expected);
    expect(text).not.toMatch(/\bat .*\(|node_modules|\.ts:|\.js:/);
    expect(faults).toEqual([]);
  });

  it('replayed is refused, also after a restart of the store', async () => {
    const moment = { nonce: 'nonce-that-is-sent-twice' };
    expect((await send({ moment })).status).toBe(200);
    expect(await send({ moment })).toMatchObject({ status: 401, code: 'SIGNATURE_REFUSED' });
    await nonces.close();
    nonces = SqliteNonces.open({ file: folder.file('nonces.db'), clock: runtime.clock });
    front.open([noticeRoute(door())]);
    expect(await send({ moment })).toMatchObject({ status: 401, code: 'SIGNATURE_REFUSED' });
    expect(taken).toHaveLength(1);
  });

  it('is no one’s by GET', async () => {
    front.open([noticeRoute(door())]);
    const response = await fetch(`${url}${NOTICES_PATH}`);
    expect(response.status).toBe(404);
  });
});
