import { Inject, Injectable } from '@nestjs/common';
import type { ImportId } from '#libs/kernel/ids/index.js';
import { SPREADSHEET_READER, SPREADSHEET_WRITER } from '#libs/runtime/port/tokens.js';
import type { SpreadsheetReader, SpreadsheetWriter } from '#libs/spreadsheet/port/index.js';
import { currentAttempt, type LiveImport } from '../domain/roster-import/index.js';
import { subjectOfImport } from './ids.js';
import { TuitionBuses, TuitionPorts } from './ports.js';
import { Staging } from './staging/staging.js';

/** What the use cases of tuition need of the outside, as one bundle. */
@Injectable()
export class TuitionEnvironment {
  constructor(
    readonly buses: TuitionBuses,
    readonly ports: TuitionPorts,
    @Inject(SPREADSHEET_READER) readonly reader: SpreadsheetReader,
    @Inject(SPREADSHEET_WRITER) readonly writer: SpreadsheetWriter,
  ) {}

  staging(importId: ImportId, attempt: string): Staging {
    const { files, keys, runtime } = this.ports;
    return new Staging({ files, keys, rng: runtime.rng }, subjectOfImport(importId), attempt);
  }

  /** Working data of the attempt that counts; `undefined` before the first. */
  stagingOf(state: LiveImport): Staging | undefined {
    const attempt = currentAttempt(state);
    return attempt === undefined ? undefined : this.staging(state.importId, attempt);
  }

  destroyKey(importId: ImportId): Promise<void> {
    return this.ports.keys.destroy(subjectOfImport(importId));
  }
}
