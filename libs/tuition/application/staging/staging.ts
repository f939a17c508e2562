import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { FileStore } from '#libs/files/port/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { DiffKind, FaultChunk, RowChunk, StagedFaultyRow, StagedRow, StagingIndex } from './records.js';
import { IV_BYTES, seal, unseal } from './sealed-file.js';

/** A chunk is one file: read as a whole for a page, written as a whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface StagingDependencies {
  readonly files: FileStore;
  readonly keys: SubjectKeys;
  readonly rng: Rng;
}

type Part = 'rows' | 'faults';

/**
 * Working data of one attempt at checking an import: its rows, its faulty rows and a table of contents, in chunks in the
 * file store. It is neither truth nor view: it lies between two events of the import, can be made again from the upload,
 * and is deleted when the import is over. It holds personal data and is sealed with the import's own key.
 */
export class Staging {
  constructor(
    private readonly dependencies: StagingDependencies,
    private readonly subject: SubjectId,
    private readonly attempt: string,
  ) {}

  async writeRows(chunk: number, rows: readonly StagedRow[]): Promise<RowChunk> {
    const kinds: Partial<Record<DiffKind, number>> = {};
    for (const { kind } of rows) kinds[kind] = (kinds[kind] ?? 0) + 1;
    await this.write(this.fileId('rows', chunk), rows);
    return { rows: rows.length, kinds };
  }

  async writeFaults(chunk: number, rows: readonly StagedFaultyRow[]): Promise<FaultChunk> {
    await this.write(this.fileId('faults', chunk), rows);
    return { rows: rows.length, faults: rows.reduce((sum, { faults }) => sum + faults.length, 0) };
  }

  /** Written last: an attempt with an index is complete. */
  async writeIndex(index: StagingIndex): Promise<void> {
    await this.write(this.indexId(), [index]);
  }

  /** `undefined` once it was deleted or its key destroyed. */
  async index(): Promise<StagingIndex | undefined> {
    return (await this.read<StagingIndex>(this.indexId()))?.[0];
  }

  async rows(chunk: number): Promise<readonly StagedRow[]> {
    return (await this.read<StagedRow>(this.fileId('rows', chunk))) ?? [];
  }

  async faults(chunk: number): Promise<readonly StagedFaultyRow[]> {
    return (await this.read<StagedFaultyRow>(this.fileId('faults', chunk))) ?? [];
  }

  async deleteRows(): Promise<void> {
    await this.deletePart('rows');
  }

  /** Idempotent, and complete even after a crash in the middle of writing or deleting. */
  async deleteAll(): Promise<void> {
    await this.deletePart('rows');
    await this.deletePart('faults');
    await this.dependencies.files.delete(this.indexId());
  }

  /** Chunks are written upwards and deleted downwards, so that the first gap is always the end. */
  private async deletePart(part: Part): Promise<void> {
    const { files } = this.dependencies;
    let count = 0;
    while (await files.exists(this.fileId(part, count))) count += 1;
    for (let chunk = count - 1; chunk >= 0; chunk -= 1) await files.delete(this.fileId(part, chunk));
  }

  private async write(id: string, records: readonly unknown[]): Promise<void> {
    const { files, keys, rng } = this.dependencies;
    const key = (await keys.obtain([this.subject])).get(this.subject);
    if (!key)
      throw new Error('The key of the import was destroyed; its working data cannot be written any more.');
    const text = records.map((record) => JSON.stringify(record)).join('\n');
    await files.put(id, once(seal(id, text, key, rng.bytes(IV_BYTES))), MAX_FILE_BYTES);
  }

  private async read<Entry>(id: string): Promise<Entry[] | undefined> {
    const { files, keys } = this.dependencies;
    const key = (await keys.find([this.subject])).get(this.subject);
    const content = key && (await files.get(id));
    if (!content) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const text = unseal(id, Buffer.concat(chunks), key);
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Entry);
  }

  private fileId(part: Part, chunk: number): string {
    return `staged-${this.attempt}-${part}-${chunk}`;
  }

  private indexId(): string {
    return `staged-${this.attempt}-index`;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
