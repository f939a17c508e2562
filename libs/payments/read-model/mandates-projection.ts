import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { TableDefinition } from '#libs/views/port/index.js';
import { mandateEvents } from '../codec/index.js';

const mandateTable: TableDefinition = {
  name: 'mandate',
  columns: {
    id: 'text',
    tenant: 'text',
    account: 'text',
    organisation_id: 'text',
    payer_number: 'text',
    wallet_id: 'text',
    sub_wallet_id: 'text',
    day_of_month: 'integer',
    from_day: 'text',
    until_day: { type: 'text', nullable: true },
    given_at: 'text',
    revoked: 'boolean',
    exhausted: 'boolean',
    /** Null: has nothing to pay any more. */
    next_run_on: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [['next_run_on'], ['account', 'given_at'], ['organisation_id', 'given_at']],
};

const mandateRunTable: TableDefinition = {
  name: 'mandate_run',
  columns: { mandate_id: 'text', due: 'text', attempt: 'integer', ran_at: 'text', results: 'text' },
  primaryKey: ['mandate_id', 'due'],
};

export interface MandateRow {
  readonly id: string;
  readonly tenant: string;
  readonly account: string;
  readonly organisation_id: string;
  readonly payer_number: string;
  readonly wallet_id: string;
  readonly sub_wallet_id: string;
  readonly day_of_month: number;
  readonly from_day: string;
  readonly until_day: string | null;
  readonly given_at: string;
  readonly revoked: number;
  readonly exhausted: number;
  readonly next_run_on: string | null;
}

export interface MandateTables {
  readonly mandate: MandateRow;
  readonly mandate_run: {
    readonly mandate_id: string;
    readonly due: string;
    readonly attempt: number;
    readonly ran_at: string;
    /** JSON array of `MandateResult`. */
    readonly results: string;
  };
}

/** Mandates, their runs, and when each pays next. */
export const mandatesProjection: Projection = defineProjection({
  name: 'mandates',
  version: 1,
  tables: [mandateTable, mandateRunTable],
  parts: [
    on(mandateEvents, {
      MandateGiven: (data, view) =>
        view.put('mandate', {
          id: data.mandateId,
          tenant: data.tenant,
          account: data.account,
          organisation_id: data.organisationId,
          payer_number: data.payerNumber,
          wallet_id: data.walletId,
          sub_wallet_id: data.subWalletId,
          day_of_month: data.dayOfMonth,
          from_day: data.from,
          until_day: data.until,
          given_at: data.givenAt,
          revoked: false,
          exhausted: false,
          next_run_on: data.nextRun?.due ?? null,
        }),
      MandateRevoked: ({ mandateId }, view) =>
        view.patch('mandate', { id: mandateId }, { revoked: true, next_run_on: null }),
      // What comes of it is told by `MandateRun`.
      MandateRunBegun: null,
      MandateRun: ({ mandateId, run, results, exhausted, nextRun, ranAt }, view) => {
        view.put('mandate_run', {
          mandate_id: mandateId,
          due: run.due,
          attempt: run.attempt,
          ran_at: ranAt,
          results: JSON.stringify(results),
        });
        view.patch('mandate', { id: mandateId }, { exhausted, next_run_on: nextRun?.due ?? null });
      },
    }),
  ],
});
