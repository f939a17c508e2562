import { assertNever } from '#libs/kernel/errors/index.js';
import type { ImportNote as NoteView, ImportState as StateName, ImportView } from '../contract/index.js';
import type { ImportNote, LiveImport } from '../domain/roster-import/index.js';
import { sentenceOf } from './i18n/index.js';

/** The import as its stream tells it: a client that starts a job and asks at once sees it. */
export function importView(state: LiveImport): ImportView {
  const about = {
    id: state.importId,
    organisationId: state.organisationId,
    fileName: state.fileName,
    errorPolicy: state.errorPolicy,
    startedAt: state.startedAt,
  };
  const view = (name: StateName, processed: number, total: number) => ({
    ...about,
    state: name,
    processed,
    total,
  });
  switch (state.status) {
    case 'checking':
      return view('CHECKING', state.processed, state.total);
    case 'checked':
      return { ...view('CHECKED', state.preview.rows, state.preview.rows), ...previewOf(state) };
    case 'publishing':
      return { ...view('PUBLISHING', state.processed, state.total), ...previewOf(state) };
    case 'published': {
      const total = state.preview.valid;
      return { ...view('PUBLISHED', total, total), ...previewOf(state), result: state.figures };
    }
    case 'cancelled':
      return { ...view('CANCELLED', 0, 0), ...(state.preview ? { preview: state.preview } : {}) };
    case 'failed': {
      const { code, message } = state.failure;
      return { ...view('FAILED', 0, 0), failure: { code, message } };
    }
    default:
      return assertNever(state, 'import status');
  }
}

function previewOf({
  preview,
  notes,
}: Extract<LiveImport, { status: 'checked' | 'publishing' | 'published' }>) {
  return { preview, notes: notes.map(noteView) };
}

export function noteView({ code, details }: ImportNote): NoteView {
  return { code, message: sentenceOf(code, details), details };
}
