import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { evolve } from './evolve.js';
import type {
  BeginCheck,
  CancelImport,
  ImportCommand,
  ImportEvent,
  ImportRefusal,
  RecordErasure,
  ReportProgress,
  RequestPublish,
  StartImport,
} from './messages.js';
import { currentAttempt, type ImportState, type LiveImport } from './state.js';

type ImportDecision = Decision<ImportEvent, ImportRefusal>;

/** A file that takes the process down each time must not do so for ever. */
export const MAX_CHECK_ATTEMPTS = 5;

/**
 * One roster file on its way: CHECKING → CHECKED → PUBLISHING → PUBLISHED, or FAILED, or CANCELLED before publishing
 * began. What a person asks is answered the same however often it is asked; what the job reports counts only while its
 * phase and attempt last.
 */
export const importDecider: Decider<ImportCommand, ImportState, ImportEvent, ImportRefusal> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};

function decide(command: ImportCommand, state: ImportState): ImportDecision {
  if (command.kind === 'start') return start(command, state);
  if (state.status === 'absent') return refuse('IMPORT_NOT_FOUND');
  switch (command.kind) {
    case 'begin-check':
      return beginCheck(command, state);
    case 'report-progress':
      return reportProgress(command, state);
    case 'record-check': {
      if (state.status !== 'checking' || currentAttempt(state) !== command.attempt)
        return refuse('IMPORT_MOVED_ON');
      const { preview, notes } = command;
      return accept({ type: 'ImportChecked', data: { importId: state.importId, preview, notes } });
    }
    case 'fail': {
      if (state.status !== 'checking' || currentAttempt(state) !== command.attempt)
        return refuse('IMPORT_MOVED_ON');
      const { code, message, details } = command;
      return accept({ type: 'ImportFailed', data: { importId: state.importId, code, message, details } });
    }
    case 'request-publish':
      return requestPublish(command, state);
    case 'record-published': {
      if (state.status !== 'publishing') return refuse('IMPORT_MOVED_ON');
      const { figures, refusals, at: publishedAt } = command;
      return accept({
        type: 'ImportPublished',
        data: { importId: state.importId, figures, refusals, publishedAt },
      });
    }
    case 'cancel':
      return cancel(command, state);
    case 'record-erasure':
      return recordErasure(command, state);
    default:
      return assertNever(command, 'import command');
  }
}

function start(command: StartImport, state: ImportState): ImportDecision {
  if (state.status === 'absent') {
    const { kind: _kind, at, ...data } = command;
    return accept({ type: 'ImportStarted', data: { ...data, startedAt: at } });
  }
  const same =
    state.tenant === command.tenant &&
    state.organisationId === command.organisationId &&
    state.uploadId === command.uploadId &&
    state.errorPolicy === command.errorPolicy;
  return same ? accept() : refuse('IDEMPOTENCY_CONFLICT');
}

function beginCheck({ attempt }: BeginCheck, state: LiveImport): ImportDecision {
  if (state.status !== 'checking') return refuse('IMPORT_MOVED_ON');
  const { importId } = state;
  if (state.attempts.length >= MAX_CHECK_ATTEMPTS) {
    const message = `Checking the file was begun ${MAX_CHECK_ATTEMPTS} times and never came to an end.`;
    return accept({
      type: 'ImportFailed',
      data: { importId, code: 'IMPORT_CHECK_KEEPS_BREAKING', message, details: {} },
    });
  }
  return accept({ type: 'ImportCheckBegun', data: { importId, attempt } });
}

function reportProgress(command: ReportProgress, state: LiveImport): ImportDecision {
  if (state.status !== command.phase) return refuse('IMPORT_MOVED_ON');
  const { phase, processed, total, figures } = command;
  // A second process at the same import may be behind; progress never goes back.
  if (processed <= state.processed) return accept();
  return accept({
    type: 'ImportProgressed',
    data: { importId: state.importId, phase, processed, total, figures },
  });
}

function requestPublish(command: RequestPublish, state: LiveImport): ImportDecision {
  if (isForeign(command, state)) return refuse('IMPORT_NOT_FOUND');
  switch (state.status) {
    case 'checking':
    case 'failed':
      return refuse('IMPORT_NOT_CHECKED');
    case 'cancelled':
      return refuse('IMPORT_CANCELLED');
    case 'publishing':
    case 'published':
      return accept();
    case 'checked': {
      if (state.errorPolicy === 'all-or-nothing' && state.preview.faulty > 0)
        return refuse('IMPORT_HAS_ERRORS');
      if (state.preview.valid === 0) return refuse('NOTHING_TO_ISSUE');
      const { importId } = state;
      return accept({ type: 'ImportPublishRequested', data: { importId, requester: command.requester } });
    }
    default:
      return assertNever(state, 'import status');
  }
}

function cancel(command: CancelImport, state: LiveImport): ImportDecision {
  if (isForeign(command, state)) return refuse('IMPORT_NOT_FOUND');
  switch (state.status) {
    case 'checking':
    case 'checked':
      return accept({ type: 'ImportCancelled', data: { importId: state.importId } });
    case 'cancelled':
    case 'failed':
      return accept();
    case 'publishing':
    case 'published':
      return refuse('IMPORT_ALREADY_PUBLISHED');
    default:
      return assertNever(state, 'import status');
  }
}

function recordErasure({ erased }: RecordErasure, state: LiveImport): ImportDecision {
  if (state.status !== 'published' && state.status !== 'cancelled' && state.status !== 'failed') {
    return refuse('IMPORT_MOVED_ON');
  }
  if (state.erased === 'all' || state.erased === erased) return accept();
  return accept({ type: 'ImportDataErased', data: { importId: state.importId, erased } });
}

/** Not yours looks the same as not there. */
function isForeign(
  command: { readonly tenant: string; readonly organisationId: string },
  state: LiveImport,
): boolean {
  return command.tenant !== state.tenant || command.organisationId !== state.organisationId;
}

const MESSAGES: Readonly<Record<ImportRefusal['code'], string>> = {
  IMPORT_NOT_FOUND: 'There is no such import.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used with another input.',
  IMPORT_NOT_CHECKED: 'The file has not been checked, or could not be.',
  IMPORT_HAS_ERRORS: 'The file has faulty rows, and the import was started all or nothing.',
  IMPORT_CANCELLED: 'The import was cancelled.',
  IMPORT_ALREADY_PUBLISHED: 'Publishing has begun and cannot be taken back.',
  NOTHING_TO_ISSUE: 'The file holds no row that could be issued.',
  IMPORT_MOVED_ON: 'The phase of the import is over.',
};

function refuse(code: ImportRefusal['code']): ImportDecision {
  return reject({ code, message: MESSAGES[code] });
}
