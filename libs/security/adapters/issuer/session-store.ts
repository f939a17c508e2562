import type { Adapter, AdapterPayload } from 'oidc-provider';
import { RecentlyUsed } from '#libs/cache/lru/index.js';

/** Sign-ins under way and sessions held at once; the oldest make room. */
const MAX_ENTRIES = 10_000;
const entries = new RecentlyUsed<{ readonly payload: AdapterPayload; readonly expiresAtMs: number }>(
  MAX_ENTRIES,
);

/**
 * Where the embedded issuer remembers codes, grants and sessions: in memory, because a restart of a demo may ask people to
 * sign in again. Access tokens are self-contained and stay good.
 */
export class SessionStore implements Adapter {
  constructor(private readonly model: string) {}

  #key(id: string): string {
    return `${this.model}:${id}`;
  }

  upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<undefined> {
    const expiresAtMs = Date.now() + (expiresInSeconds || 86_400) * 1_000;
    entries.set(this.#key(id), { payload, expiresAtMs });
    if (payload.uid)
      entries.set(`uid:${this.model}:${payload.uid}`, { payload: { ...payload, jti: id }, expiresAtMs });
    return Promise.resolve(undefined);
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#read(this.#key(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = this.#read(`uid:${this.model}:${uid}`)?.jti;
    return Promise.resolve(id ? this.#read(this.#key(id)) : undefined);
  }

  /** Device flow; not offered. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  consume(id: string): Promise<undefined> {
    const payload = this.#read(this.#key(id));
    if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
    return Promise.resolve(undefined);
  }

  destroy(id: string): Promise<undefined> {
    entries.delete(this.#key(id));
    return Promise.resolve(undefined);
  }

  /** A code used twice voids its grant; what was issued under it no longer finds the grant. */
  revokeByGrantId(grantId: string): Promise<undefined> {
    entries.delete(`Grant:${grantId}`);
    return Promise.resolve(undefined);
  }

  #read(key: string): AdapterPayload | undefined {
    const entry = entries.get(key);
    if (!entry || entry.expiresAtMs > Date.now()) return entry?.payload;
    entries.delete(key);
    return undefined;
  }
}
