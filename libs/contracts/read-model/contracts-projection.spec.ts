import { describe, expect, it } from '@jest/globals';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { Position } from '#libs/event-log/port/index.js';
import { contractHistory } from '#libs/testing/contract-samples.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { contractsProjection } from './contracts-projection.js';
import type { ContractTables } from './tables.js';

/** The tables after the histories of the samples, so many events per transaction. */
async function tablesAfter(perCommit: number) {
  using folder = temporaryFolder();
  const views = SqliteViews.open({ file: folder.file('views.sqlite') });
  await views.define(contractsProjection.name, contractsProjection.version, contractsProjection.tables);
  const events = [...contractHistory('course'), ...contractHistory('voucher')];
  for (let from = 0; from < events.length; from += perCommit) {
    await views.commit(contractsProjection.name, String(from).padStart(4, '0') as Position, (writer) => {
      for (const event of events.slice(from, from + perCommit)) {
        const id = `${event.data.contractId}/${event.data.seq}`;
        contractsProjection.project({ event, id } as unknown as DecodedEvent, writer);
      }
    });
  }
  const database = views.database<ContractTables>();
  const tables = {
    contracts: await database.selectFrom('contract').selectAll().orderBy('id').execute(),
    parties: await database.selectFrom('contract_party').selectAll().execute(),
    units: await database.selectFrom('contract_unit').selectAll().orderBy('since_seq').execute(),
    entries: await database.selectFrom('contract_entry').selectAll().execute(),
  };
  await views.close();
  return tables;
}

describe('the tables of contracts', () => {
  it('hold what became of every unit, and where each contract stands', async () => {
    const { contracts, units, entries, parties } = await tablesAfter(1);
    expect(contracts).toMatchObject([
      {
        status: 'completed',
        funded_minor: 120_000n,
        refunded_minor: 98_000n,
        held_minor: 0n,
        next_due_at: null,
      },
      { status: 'expired', funded_minor: 3_000n, refunded_minor: 1_000n, held_minor: 0n, next_due_at: null },
    ]);
    const told = units.map((unit) => [
      unit.rule_id,
      unit.dedupe_key.slice(0, 1),
      unit.amount_minor,
      unit.status,
    ]);
    expect(told.toSorted()).toEqual([
      ['books', '', 5_000n, 'RELEASED'],
      ['lesson', '1', 10_000n, 'RELEASED'],
      ['lesson', '2', 10_000n, 'WAIVED'],
      ['lesson', '3', 7_000n, 'RELEASED'],
      ['spend', '0', 2_000n, 'RELEASED'],
      ['withdraw', '', 58_000n, 'RELEASED'],
    ]);
    expect(units.map(({ since_seq }) => since_seq)).not.toContain(null);
    expect(entries).toHaveLength(45);
    expect(parties.map(({ kind, party_id }) => `${kind} ${party_id}`).toSorted()).toEqual([
      'account account-1',
      'account account-2',
      'account account-3',
      'organisation bureau-1',
      'organisation school-1',
      'organisation school-1',
      'tenant demo',
      'tenant demo',
    ]);
  });

  it('are the same however the events are divided', async () => {
    const singly = await tablesAfter(1);
    for (const perCommit of [2, 7, 100]) expect(await tablesAfter(perCommit)).toEqual(singly);
  });
});
