import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(127\.|::1$)/;

/**
 * Who asks, for limits: the address of the connection; behind a proxy on this machine the one it has seen, which is the last
 * of X-Forwarded-For. A household's IPv6 network counts as one.
 */
export function clientAddress({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const connected = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const forwarded = LOOPBACK.test(connected) ? lastOf(headers['x-forwarded-for']) : undefined;
  const address = forwarded ?? connected;
  return address.includes(':') ? networkOf(address) : address;
}

/** Longer than any address: not one. */
const LONGEST = 45;

function lastOf(header: string | string[] | undefined): string | undefined {
  const last = [header].flat().join(',').split(',').at(-1)?.trim();
  return last && last.length <= LONGEST ? last : undefined;
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...(tail?.split(':') ?? [])]
    .slice(0, 4)
    .join(':');
}
