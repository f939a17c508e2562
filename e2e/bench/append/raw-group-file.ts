import { open, type FileHandle } from 'node:fs/promises';

/**
 * What an append can cost at best: a file to which groups are written and synced, without index, order or checks. Those
 * who come while a group is being synced form the next one, as in the engine.
 */
export class RawGroupFile {
  private waiting: {
    readonly bytes: Buffer;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  private isWriting = false;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<RawGroupFile> {
    return new RawGroupFile(await open(path, 'w'));
  }

  append(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, resolve, reject });
      if (this.isWriting) return;
      this.isWriting = true;
      setImmediate(() => void this.writeGroups());
    });
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async writeGroups(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.file.write(Buffer.concat(group.map(({ bytes }) => bytes)));
        await this.file.datasync();
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error as Error);
      }
    }
    this.isWriting = false;
  }
}
