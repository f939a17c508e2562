import { isUuid, type ImportId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { importAggregate } from '../codec/index.js';
import type { LiveImport } from '../domain/roster-import/index.js';
import type { TuitionPorts } from './ports.js';
import { isBursarOf } from './requests.js';

/** The import if the caller may see it. Not yours looks the same as not there. */
export async function ownedImport(
  { store }: TuitionPorts,
  context: RequestContext,
  importId: ImportId,
): Promise<LiveImport | undefined> {
  if (!isUuid(importId)) return undefined;
  const { state } = await store.load(importAggregate, importId);
  return state.status !== 'absent' && isBursarOf(context, state) ? state : undefined;
}
