import { randomUUID } from 'node:crypto';
import {
  AnnounceUpload,
  ImportById,
  PublishImport,
  StartImport,
  type ErrorPolicy,
  type ImportView,
} from '#libs/tuition/contract/index.js';
import { spreadsheetReader } from '#libs/spreadsheet/adapters/index.js';
import { bursar, SCHOOL, type TuitionProgram } from './tuition-program.js';

/** Hands a file in as the gateway does, and starts its import. */
export async function startImport(
  program: TuitionProgram,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: {
    readonly fileName?: string;
    readonly errorPolicy?: ErrorPolicy;
    readonly idempotencyKey?: string;
  } = {},
): Promise<ImportView> {
  const { fileName = 'roster.csv', errorPolicy = 'valid-rows', idempotencyKey = randomUUID() } = options;
  const announced = await program.run(new AnnounceUpload(bursar(), { organisationId: SCHOOL, fileName }));
  if (!announced.accepted) throw new Error(announced.rejection.code);
  const { uploadId, maxBytes } = announced.value;
  await program.files.put(uploadId, content instanceof Uint8Array ? once(content) : content, maxBytes);
  const started = await program.run(new StartImport(bursar(), { idempotencyKey, uploadId, errorPolicy }));
  if (!started.accepted) throw new Error(started.rejection.code);
  return started.value;
}

/** Hands a file in and waits until it is checked (or failed). */
export async function checkedImport(
  program: TuitionProgram,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: Parameters<typeof startImport>[2] = {},
): Promise<ImportView> {
  const { id } = await startImport(program, content, options);
  await program.settled();
  return importNow(program, id);
}

/** Publishes a checked import and waits for the end of it. */
export async function publishedImport(program: TuitionProgram, id: ImportView['id']): Promise<ImportView> {
  const outcome = await program.run(
    new PublishImport(bursar(), { idempotencyKey: randomUUID(), importId: id }),
  );
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  await program.settled();
  return importNow(program, id);
}

export async function importNow(program: TuitionProgram, id: ImportView['id']): Promise<ImportView> {
  const view = await program.ask(new ImportById(bursar(), id));
  if (!view) throw new Error('The import is not there.');
  return view;
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Every cell of a workbook or csv as text, by row. */
export async function tableOf(content: Uint8Array): Promise<string[][]> {
  const sheet = await spreadsheetReader().open(async () => once(content));
  const rows: string[][] = [];
  for await (const batch of sheet.rows) {
    rows.push(
      ...batch.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.text))),
    );
  }
  return rows;
}
