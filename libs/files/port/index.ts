/**
 * FileStore: files that people hand in and take away (uploads, staged rows, error workbooks). Kept outside the log.
 *
 * An id is 1 to 128 characters of `a-z`, `0-9` and `-`, and starts with a letter or digit; every method throws
 * `RangeError` for any other, so that an id can never become a path.
 */
export interface FileStore {
  /**
   * Stores a stream under an id; readable only when complete and durable.
   * @throws FileTooLarge past `maxBytes`, nothing is kept
   * @throws FileExists   the id was used before
   * @throws FilesUnavailable the storage refused (full, read-only, broken); nothing is kept
   */
  put(
    id: string,
    content: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ readonly sizeBytes: number; readonly sha256: string }>;
  /** `undefined` when there is no such file. A reader that stops early releases the file. @throws FilesUnavailable */
  get(id: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** @throws FilesUnavailable */
  exists(id: string): Promise<boolean>;
  /** Idempotent; durable when resolved. @throws FilesUnavailable */
  delete(id: string): Promise<void>;
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';
  constructor(readonly maxBytes: number) {
    super(`The file is larger than ${maxBytes} bytes.`);
  }
}

export class FileExists extends Error {
  override readonly name = 'FileExists';
}

export class FilesUnavailable extends Error {
  override readonly name = 'FilesUnavailable';
}
