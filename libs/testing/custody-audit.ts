import type { JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';

/**
 * Judges release contracts' money by the stored JSON alone. Answers every broken promise as a sentence.
 *
 * - custody holds what its contract says after every event, and nobody else moves it
 * - every captured payment that funds a contract is deposited there once, with its amount; no other is
 * - room is kept for nobody in the end
 */
export function auditCustody(events: readonly RecordedEvent[]): readonly string[] {
  const faults: string[] = [];
  const custody = new Map<string, bigint>();
  const room = new Set<string>();
  const captured = new Map<string, bigint>();
  const deposited = new Map<string, bigint>();
  for (const { type, stream, data } of events) {
    const own = stream.startsWith('contract-') ? stream.slice('contract-'.length) : undefined;
    for (const { source, destination, minor } of postingsOf(data)) {
      for (const [account, change] of [[source, -minor] as const, [destination, minor] as const]) {
        if (!account.startsWith('custody:')) continue;
        custody.set(account, (custody.get(account) ?? 0n) + change);
        if (account !== `custody:${own}`) faults.push(`${type} of ${stream} moves ${account}`);
      }
    }
    if (type === 'PaymentCaptured.v1' && data['funding']) {
      const { contractId } = data['funding'] as Record<string, string>;
      captured.set(`${data['paymentId'] as string} ${contractId}`, minorOf(data['total']));
    }
    if (own === undefined) continue;
    const held = BigInt((data['totals'] as Record<string, string>)['held']!);
    const stands = custody.get(`custody:${own}`) ?? 0n;
    if (stands !== held) faults.push(`${type} of ${stream} holds ${held}, its custody ${stands}`);
    const source = data['source'] as Record<string, string> | undefined;
    const key = `${source?.['paymentId'] ?? (data['paymentId'] as string)} ${own}`;
    if (type === 'FundingReserved.v1') room.add(key);
    if (type === 'FundingReleased.v1' || type === 'FundsDeposited.v1') room.delete(key);
    if (type !== 'FundsDeposited.v1' || source?.['kind'] !== 'payment') continue;
    if (deposited.has(key)) faults.push(`${key} was deposited twice`);
    deposited.set(key, BigInt(data['amount'] as string));
  }
  for (const key of room) faults.push(`room is kept for ${key}`);
  for (const [key, minor] of captured) {
    if (deposited.get(key) !== minor)
      faults.push(`${key}: ${minor} captured, ${deposited.get(key)} deposited`);
    deposited.delete(key);
  }
  for (const key of deposited.keys()) faults.push(`${key} was deposited without a capture`);
  return faults;
}

function postingsOf(data: JsonObject) {
  const postings = (data['postings'] ?? []) as readonly JsonObject[];
  return postings.map((posting) => ({
    source: posting['source'] as string,
    destination: posting['destination'] as string,
    minor: minorOf(posting['amount']),
  }));
}

function minorOf(money: unknown): bigint {
  return BigInt((money as { readonly amount: string }).amount);
}
