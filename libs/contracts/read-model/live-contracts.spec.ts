import { describe, expect, it } from '@jest/globals';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import type { Position } from '#libs/event-log/port/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import type { LiveContractsOf } from '../domain/mass-refund/index.js';
import { contractsProjection } from './contracts-projection.js';
import { ViewedLiveContracts } from './mass-refund-queries.js';

const STATUSES = ['active', 'closing', 'completed', 'drafted', 'awaitingFunding', 'frozen'] as const;
const OTHERS = ['another', 'school-2', 'no party'] as const;

/** Sixty contracts of one school in every status by turns, and some that differ from them in one thing each. */
async function contracts() {
  const folder = temporaryFolder();
  const views = SqliteViews.open({ file: folder.file('views.sqlite') });
  await views.define(contractsProjection.name, contractsProjection.version, contractsProjection.tables);
  const named = (id: string, index: number) => ({ id, status: STATUSES[index % STATUSES.length]! });
  const own = Array.from({ length: 60 }, (_, index) => named(`c-${(index * 37) % 60}`, index));
  await views.commit(contractsProjection.name, '0001' as Position, (view) => {
    const put = (id: string, status: string, [tenant, school, party]: readonly [string, string, string]) => {
      const texts = { subject: id, template_id: 't', template_version: '1.0.0', asset: 'CNY/2' };
      const minor = {
        funded_minor: 0n,
        released_minor: 0n,
        refunded_minor: 0n,
        held_minor: 0n,
        frozen_minor: 0n,
      };
      const moments = {
        drafted_at: '2026',
        ends_at: '2027',
        next_due_at: null,
        last_seq: 0,
        last_at: '2026',
      };
      view.put('contract', { id, tenant, organisation_id: school, status, ...texts, ...minor, ...moments });
      view.put('contract_party', {
        contract_id: id,
        kind: 'organisation',
        party_id: party,
        drafted_at: '2026',
      });
    };
    for (const { id, status } of own) put(id, status, ['t', 'school-1', 'bureau']);
    put(`c-${OTHERS[0]}`, 'active', ['t-2', 'school-1', 'bureau']);
    put(`c-${OTHERS[1]}`, 'active', ['t', 'school-2', 'bureau']);
    put(`c-${OTHERS[2]}`, 'active', ['t', 'school-1', 'bureau-2']);
  });
  const live = new ViewedLiveContracts(views);
  return { own, live, [Symbol.asyncDispose]: () => views.close().then(() => folder[Symbol.dispose]()) };
}

async function walk(live: ViewedLiveContracts, of: LiveContractsOf, limit: number) {
  const pages: (readonly ContractId[])[] = [];
  for (let after: ContractId | null = null; ;) {
    const page: readonly ContractId[] = await live.page(of, { after, limit });
    if (page.length === 0 || pages.length > 100) return pages;
    pages.push(page);
    after = page.at(-1)!;
  }
}

describe('live contracts', () => {
  it('are walked along in order of their ids, page by page, whatever their status', async () => {
    await using world = await contracts();
    const { own, live } = world;
    const school = { tenant: asId<'tenant'>('t'), organisationId: asId<'organisation'>('school-1') };
    for (const statuses of [
      ['active'],
      ['drafted', 'awaitingFunding', 'active', 'closing'],
      STATUSES,
      [],
    ] as const) {
      const of = { ...school, authorityId: asId<'organisation'>('bureau'), statuses };
      const wanted = own.filter(({ status }) => (statuses as readonly string[]).includes(status));
      const ids = wanted.map(({ id }) => id).sort();
      for (const limit of [1, 7, 250]) {
        const pages = await walk(live, of, limit);
        expect(pages.flat()).toEqual(ids);
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }
      if (statuses.length > 0) expect(await live.count(of)).toBe(ids.length);
    }
    const everybody = { ...school, authorityId: null, statuses: ['active'] } as const;
    expect(await live.count(everybody)).toBe(11);
    expect((await walk(live, everybody, 250)).flat()).toContain(`c-${OTHERS[2]}`);
  });
});
