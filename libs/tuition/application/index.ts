import type { Provider } from '@nestjs/common';
import { AnnounceUploadHandler } from './commands/announce-upload.js';
import { CancelImportHandler } from './commands/cancel-import.js';
import { EraseStudentDataHandler } from './commands/erase-student-data.js';
import { PublishImportHandler } from './commands/publish-import.js';
import { StartImportHandler } from './commands/start-import.js';
import { TuitionEnvironment } from './environment.js';
import { ImportJob } from './jobs/import-job.js';
import { ImportJobs } from './jobs/import-jobs.js';
import { TuitionBuses, TuitionPorts } from './ports.js';
import { ImportByIdHandler } from './queries/import-by-id.js';
import { ImportDiffHandler } from './queries/import-diff.js';
import { ImportErrorWorkbookHandler } from './queries/import-error-workbook.js';
import { ImportRowErrorsHandler } from './queries/import-row-errors.js';

export { ImportJobs } from './jobs/import-jobs.js';
export { OPEN_IMPORTS, type OpenImports } from './jobs/open-imports.js';

/**
 * The write side of tuition, with the queries that read streams and working data. Needs `DECIDER_STORE`, `FILE_STORE`,
 * `SUBJECT_KEYS`, `RUNTIME`, `SPREADSHEET_READER`, `SPREADSHEET_WRITER`, `OPEN_IMPORTS` and Nest's command and query bus.
 * `ImportJobs` starts and stops with the Nest application; it picks up what an earlier process left behind.
 */
export const tuitionApplication: readonly Provider[] = [
  TuitionPorts,
  TuitionBuses,
  TuitionEnvironment,
  ImportJob,
  ImportJobs,
  AnnounceUploadHandler,
  StartImportHandler,
  PublishImportHandler,
  CancelImportHandler,
  EraseStudentDataHandler,
  ImportByIdHandler,
  ImportRowErrorsHandler,
  ImportDiffHandler,
  ImportErrorWorkbookHandler,
];
