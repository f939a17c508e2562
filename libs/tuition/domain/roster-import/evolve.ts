import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { ImportEvent } from './messages.js';
import { NO_FIGURES, type ImportState, type LiveImport } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: ImportState, event: ImportEvent): ImportState {
  if (event.type === 'ImportStarted') {
    if (state.status !== 'absent') throw impossible(state, event);
    return { status: 'checking', ...event.data, attempts: [], erased: 'nothing', processed: 0, total: 0 };
  }
  if (state.status === 'absent') throw impossible(state, event);
  switch (event.type) {
    case 'ImportCheckBegun':
      if (state.status !== 'checking') throw impossible(state, event);
      return { ...state, attempts: [...state.attempts, event.data.attempt], processed: 0, total: 0 };
    case 'ImportProgressed': {
      if (state.status !== event.data.phase) throw impossible(state, event);
      const { processed, total, figures } = event.data;
      return state.status === 'checking'
        ? { ...state, processed, total }
        : { ...state, processed, total, figures };
    }
    case 'ImportChecked': {
      if (state.status !== 'checking') throw impossible(state, event);
      const { preview, notes } = event.data;
      return { ...aboutOf(state), status: 'checked', preview, notes };
    }
    case 'ImportFailed': {
      if (state.status !== 'checking') throw impossible(state, event);
      const { code, message, details } = event.data;
      return { ...aboutOf(state), status: 'failed', failure: { code, message, details } };
    }
    case 'ImportPublishRequested': {
      if (state.status !== 'checked') throw impossible(state, event);
      const start = { processed: 0, total: state.preview.valid, figures: NO_FIGURES };
      return { ...state, status: 'publishing', publisher: event.data.requester, ...start };
    }
    case 'ImportPublished': {
      if (state.status !== 'publishing') throw impossible(state, event);
      const { preview, notes } = state;
      const { figures, publishedAt } = event.data;
      return { ...aboutOf(state), status: 'published', preview, notes, figures, publishedAt };
    }
    case 'ImportCancelled': {
      if (state.status === 'checking') return { ...aboutOf(state), status: 'cancelled' };
      if (state.status !== 'checked') throw impossible(state, event);
      return { ...state, status: 'cancelled' };
    }
    case 'ImportDataErased':
      if (state.status === 'checking' || state.status === 'checked' || state.status === 'publishing') {
        throw impossible(state, event);
      }
      return { ...state, erased: event.data.erased };
    default:
      return assertNever(event, 'import event');
  }
}

function aboutOf(state: LiveImport) {
  const {
    importId,
    tenant,
    organisationId,
    uploadId,
    fileName,
    errorPolicy,
    requester,
    startedAt,
    attempts,
    erased,
  } = state;
  return {
    importId,
    tenant,
    organisationId,
    uploadId,
    fileName,
    errorPolicy,
    requester,
    startedAt,
    attempts,
    erased,
  };
}

function impossible(state: ImportState, event: ImportEvent): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} cannot follow when the import is ${state.status}.`);
}
