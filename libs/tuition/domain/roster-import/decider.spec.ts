import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ImportId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  importDecider,
  MAX_CHECK_ATTEMPTS,
  type ErrorPolicy,
  type ImportCommand,
  type ImportEvent,
  type ImportRefusal,
  type ImportState,
  type PreviewFigures,
} from './index.js';

const importId = 'import-1' as ImportId;
const place = { tenant: 'demo' as TenantId, organisationId: 'school-1' as OrganisationId };
const requester = { accountId: 'bursar-1', personId: 'person-1' };
const at = '2026-09-01T00:00:00.000Z' as Instant;
const none = { issued: 0, amended: 0, unchanged: 0, refused: 0 };
const counts = { rows: 3, valid: 2, faulty: 1, added: 2, changed: 0, unchanged: 0, paid: 0, removed: 0 };
const preview: PreviewFigures = { ...counts, amountAdded: money(CNY, 240000n), studentsAdded: 2 };
const upload = { uploadId: 'upload-1', fileName: 'roster.xlsx' };

const start = (rest: Partial<Extract<ImportCommand, { kind: 'start' }>> = {}): ImportCommand => ({
  kind: 'start',
  importId,
  ...place,
  ...upload,
  errorPolicy: 'valid-rows',
  requester,
  at,
  ...rest,
});
const started = (errorPolicy: ErrorPolicy = 'valid-rows'): ImportEvent => ({
  type: 'ImportStarted',
  data: { importId, ...place, ...upload, errorPolicy, requester, startedAt: at },
});
const begun = (attempt = 'a'): ImportEvent => ({ type: 'ImportCheckBegun', data: { importId, attempt } });
const checked = (figures = preview): ImportEvent => ({
  type: 'ImportChecked',
  data: { importId, preview: figures, notes: [] },
});
const requested: ImportEvent = { type: 'ImportPublishRequested', data: { importId, requester } };
const published: ImportEvent = {
  type: 'ImportPublished',
  data: { importId, figures: none, refusals: [], publishedAt: at },
};
const cancelled: ImportEvent = { type: 'ImportCancelled', data: { importId } };
const failed: ImportEvent = {
  type: 'ImportFailed',
  data: { importId, code: 'IMPORT_EMPTY', message: 'empty', details: {} },
};
const progressed = (phase: 'checking' | 'publishing', processed: number): ImportEvent => ({
  type: 'ImportProgressed',
  data: { importId, phase, processed, total: 2, figures: none },
});

const roster = spec(importDecider);
const publish: ImportCommand = { kind: 'request-publish', ...place, requester };
const cancel: ImportCommand = { kind: 'cancel', ...place };
const progress = (phase: 'checking' | 'publishing', processed: number): ImportCommand => ({
  kind: 'report-progress',
  phase,
  processed,
  total: 2,
  figures: none,
});
const about = { importId, ...place, ...upload, errorPolicy: 'valid-rows' as const, requester, startedAt: at };

/** A history that ends in each status. */
const histories: Record<Exclude<ImportState['status'], 'absent'>, ImportEvent[]> = {
  checking: [started(), begun()],
  checked: [started(), begun(), checked()],
  publishing: [started(), begun(), checked(), requested],
  published: [started(), begun(), checked(), requested, published],
  cancelled: [started(), begun(), checked(), cancelled],
  failed: [started(), begun(), failed],
};

describe('starting', () => {
  it('is the same import for the same request, a conflict for another', () => {
    roster
      .given([])
      .when(start())
      .then([started()])
      .andState({ status: 'checking', ...about, attempts: [], erased: 'nothing', processed: 0, total: 0 });
    for (const history of Object.values(histories)) {
      roster
        .given(history)
        .when(start({ fileName: 'renamed.xlsx' }))
        .then([]);
      for (const other of [
        { uploadId: 'upload-2' },
        { errorPolicy: 'all-or-nothing' as const },
        { tenant: 'x' as TenantId },
      ]) {
        roster.given(history).when(start(other)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
      }
    }
  });
});

describe('checking', () => {
  it('counts attempts and gives up after the last', () => {
    const attempts = Array.from({ length: MAX_CHECK_ATTEMPTS }, (_, index) => `a${index}`);
    roster
      .given([started(), progressed('checking', 1)])
      .when({ kind: 'begin-check', attempt: 'a' })
      .then([begun()])
      .andState({ status: 'checking', ...about, attempts: ['a'], erased: 'nothing', processed: 0, total: 0 });
    roster
      .given([started(), ...attempts.map(begun)])
      .when({ kind: 'begin-check', attempt: 'last' })
      .then([
        {
          type: 'ImportFailed',
          data: {
            importId,
            code: 'IMPORT_CHECK_KEEPS_BREAKING',
            message: 'Checking the file was begun 5 times and never came to an end.',
            details: {},
          },
        },
      ]);
  });

  it('takes the outcome of the attempt that counts only', () => {
    const record = (attempt: string): ImportCommand => ({
      kind: 'record-check',
      attempt,
      preview,
      notes: [],
    });
    const fail = (attempt: string): ImportCommand => ({
      kind: 'fail',
      attempt,
      code: 'IMPORT_EMPTY',
      message: 'empty',
      details: {},
    });
    const twice = [started(), begun('a'), begun('b')];
    roster.given(twice).when(record('b')).then([checked()]);
    roster.given(twice).when(fail('b')).then([failed]);
    roster.given(twice).when(record('a')).thenRejected({ code: 'IMPORT_MOVED_ON' });
    roster.given(twice).when(fail('a')).thenRejected({ code: 'IMPORT_MOVED_ON' });
    roster.given([started()]).when(record('a')).thenRejected({ code: 'IMPORT_MOVED_ON' });
  });

  it('reports progress that never goes back', () => {
    roster
      .given([started(), progressed('checking', 5)])
      .when(progress('checking', 6))
      .then([progressed('checking', 6)]);
    roster
      .given([started(), progressed('checking', 5)])
      .when(progress('checking', 5))
      .then([]);
    roster
      .given(histories.checking)
      .when(progress('publishing', 6))
      .thenRejected({ code: 'IMPORT_MOVED_ON' });
    roster
      .given(histories.publishing)
      .when(progress('publishing', 1))
      .then([progressed('publishing', 1)]);
  });
});

describe('publishing', () => {
  it('is asked for once, and answered the same ever after', () => {
    roster.given(histories.checked).when(publish).then([requested]);
    roster.given(histories.publishing).when(publish).then([]);
    roster.given(histories.published).when(publish).then([]);
  });

  it('is refused without checked rows', () => {
    const refused = (history: ImportEvent[], code: ImportRefusal['code']) =>
      roster.given(history).when(publish).thenRejected({ code });
    refused([], 'IMPORT_NOT_FOUND');
    refused(histories.checking, 'IMPORT_NOT_CHECKED');
    refused(histories.failed, 'IMPORT_NOT_CHECKED');
    refused(histories.cancelled, 'IMPORT_CANCELLED');
    refused([started(), begun(), checked({ ...preview, valid: 0 })], 'NOTHING_TO_ISSUE');
    refused([started('all-or-nothing'), begun(), checked()], 'IMPORT_HAS_ERRORS');
    roster
      .given([started('all-or-nothing'), begun(), checked({ ...preview, faulty: 0 })])
      .when(publish)
      .then([requested]);
  });

  it('ends once', () => {
    const record: ImportCommand = { kind: 'record-published', figures: none, refusals: [], at };
    roster.given(histories.publishing).when(record).then([published]);
    roster.given(histories.published).when(record).thenRejected({ code: 'IMPORT_MOVED_ON' });
  });
});

describe('giving up', () => {
  it('is possible until publishing begins', () => {
    roster.given(histories.checking).when(cancel).then([cancelled]);
    roster.given(histories.checked).when(cancel).then([cancelled]);
    roster.given(histories.cancelled).when(cancel).then([]);
    roster.given(histories.failed).when(cancel).then([]);
    roster.given(histories.publishing).when(cancel).thenRejected({ code: 'IMPORT_ALREADY_PUBLISHED' });
    roster.given(histories.published).when(cancel).thenRejected({ code: 'IMPORT_ALREADY_PUBLISHED' });
  });

  it('erases working data when the import is over, and never takes that back', () => {
    const erase = (erased: 'rows' | 'all'): ImportCommand => ({ kind: 'record-erasure', erased });
    const gone = (erased: 'rows' | 'all'): ImportEvent => ({
      type: 'ImportDataErased',
      data: { importId, erased },
    });
    for (const status of ['published', 'cancelled', 'failed'] as const) {
      roster
        .given(histories[status])
        .when(erase('rows'))
        .then([gone('rows')]);
      roster
        .given([...histories[status], gone('rows')])
        .when(erase('rows'))
        .then([]);
      roster
        .given([...histories[status], gone('rows')])
        .when(erase('all'))
        .then([gone('all')]);
      roster
        .given([...histories[status], gone('all')])
        .when(erase('rows'))
        .then([]);
    }
    for (const status of ['checking', 'checked', 'publishing'] as const) {
      roster.given(histories[status]).when(erase('all')).thenRejected({ code: 'IMPORT_MOVED_ON' });
    }
  });
});

describe('another organisation', () => {
  it('sees no import', () => {
    for (const other of [{ organisationId: 'school-2' as OrganisationId }, { tenant: 'other' as TenantId }]) {
      for (const history of Object.values(histories)) {
        roster
          .given(history)
          .when({ ...publish, ...other })
          .thenRejected({ code: 'IMPORT_NOT_FOUND' });
        roster
          .given(history)
          .when({ ...cancel, ...other })
          .thenRejected({ code: 'IMPORT_NOT_FOUND' });
      }
    }
  });
});

describe('whatever happens', () => {
  it('an import that is over stays over', () => {
    const command = fc.constantFrom<ImportCommand>(
      start(),
      publish,
      cancel,
      progress('checking', 9),
      progress('publishing', 9),
      { kind: 'begin-check', attempt: 'b' },
      { kind: 'record-check', attempt: 'b', preview, notes: [] },
      { kind: 'record-published', figures: none, refusals: [], at },
      { kind: 'fail', attempt: 'b', code: 'X_Y', message: 'm', details: {} },
      { kind: 'record-erasure', erased: 'rows' },
      { kind: 'record-erasure', erased: 'all' },
    );
    const ended = new Set(['published', 'cancelled', 'failed']);
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: ImportState = importDecider.initial;
        for (const one of commands) {
          const decision = importDecider.decide(one, state);
          const before = state.status;
          if (decision.accepted)
            for (const event of decision.events) state = importDecider.evolve(state, event);
          if (ended.has(before)) expect(state.status).toBe(before);
        }
      }),
    );
  });

  it('refuses histories that it could not have written', () => {
    roster.given([begun()]).thenImpossible();
    roster.given([started(), started()]).thenImpossible();
    roster.given([started(), requested]).thenImpossible();
    roster.given([started(), published]).thenImpossible();
    roster.given([...histories.published, cancelled]).thenImpossible();
    roster.given([...histories.checked, failed]).thenImpossible();
    roster.given([...histories.checked, checked()]).thenImpossible();
    roster.given([...histories.checked, begun('b')]).thenImpossible();
    roster.given([...histories.checked, progressed('publishing', 1)]).thenImpossible();
    roster
      .given([...histories.checked, { type: 'ImportDataErased', data: { importId, erased: 'all' } }])
      .thenImpossible();
  });
});
