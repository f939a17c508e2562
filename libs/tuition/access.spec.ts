import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId, type ImportId } from '#libs/kernel/ids/index.js';
import { rosterCsv, rosterRow } from '#libs/testing/roster.js';
import { checkedImport, importNow, once, publishedImport } from '#libs/testing/roster-files.js';
import {
  bursar,
  defineFeeItems,
  SCHOOL,
  tuitionProgram,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import {
  AnnounceUpload,
  CancelImport,
  EraseStudentData,
  ImportById,
  ImportDiff,
  ImportErrorWorkbook,
  ImportRowErrors,
  ImportsOf,
  PublishImport,
  StartImport,
  StudentsOf,
} from './contract/index.js';

const PAGE = { first: 250 };

let program: TuitionProgram;
beforeAll(async () => {
  program = await tuitionProgram();
  await defineFeeItems(program);
  await publishedImport(program, (await checkedImport(program, rosterCsv([rosterRow(1)]))).id);
});
afterAll(async () => {
  await program.stop();
  program.disk.folder[Symbol.dispose]();
});

describe('who may do what', () => {
  const others = {
    'another organisation': bursar({ organisation: asId('school-2') }),
    'another tenant': bursar({ tenant: asId('other') }),
    clerk: bursar({ roles: ['clerk'] }),
    payer: bursar({ roles: ['payer'], organisation: undefined }),
    operator: bursar({
      roles: ['ops', 'auditor', 'bd', 'supervisor', 'taxofficer'],
      organisation: undefined,
    }),
  };

  it.each(Object.entries(others))('%s sees and changes nothing', async (_name, context) => {
    const { id } = await checkedImport(program, rosterCsv([rosterRow(801).with(3, '')]));
    const mine = await program.ask(new StudentsOf(bursar(), SCHOOL, undefined, { first: 1 }));
    const student = mine.items[0]!.item.id;
    const announced = await program.run(
      new AnnounceUpload(context, { organisationId: SCHOOL, fileName: 'a.csv' }),
    );
    const foreignTenant = context.caller.tenant !== bursar().caller.tenant;
    if (!foreignTenant)
      expect(announced).toMatchObject({ accepted: false, rejection: { code: 'FORBIDDEN' } });
    const unseen = [
      new ImportById(context, id),
      new ImportRowErrors(context, id, PAGE),
      new ImportDiff(context, id, [], PAGE),
      new ImportErrorWorkbook(context, id),
    ];
    for (const query of unseen) expect(await program.ask<unknown>(query)).toBeUndefined();
    const empty = { items: [], hasNextPage: false, totalCount: 0 };
    expect(await program.ask(new ImportsOf(context, SCHOOL, PAGE))).toEqual(empty);
    expect(await program.ask(new StudentsOf(context, SCHOOL, undefined, PAGE))).toEqual(empty);
    const isBursar = context.caller.roles.includes('bursar');
    const refused = (code: string) => ({
      accepted: false,
      rejection: { code: isBursar ? code : 'FORBIDDEN' },
    });
    const publish = new PublishImport(context, { idempotencyKey: 'x', importId: id });
    expect(await program.run(publish)).toMatchObject(refused('IMPORT_NOT_FOUND'));
    expect(await program.run(new CancelImport(context, id))).toMatchObject(refused('IMPORT_NOT_FOUND'));
    expect(await program.run(new EraseStudentData(context, student))).toMatchObject(
      refused('STUDENT_NOT_FOUND'),
    );
    expect((await importNow(program, id)).state).toBe('CHECKED');
  });

  it('an upload belongs to whom it was announced', async () => {
    const announced = await program.run(
      new AnnounceUpload(bursar(), { organisationId: SCHOOL, fileName: 'a.csv' }),
    );
    if (!announced.accepted) throw new Error('refused');
    const { uploadId, maxBytes } = announced.value;
    const start = (context = bursar(), id = uploadId, idempotencyKey = 'mine') =>
      program.run(new StartImport(context, { idempotencyKey, uploadId: id, errorPolicy: 'valid-rows' }));
    const missing = { accepted: false, rejection: { code: 'UPLOAD_NOT_FOUND' } };
    expect(await start()).toMatchObject(missing);
    await program.files.put(uploadId, once(rosterCsv([rosterRow(701)])), maxBytes);
    expect(await start(others['another organisation'])).toMatchObject(missing);
    expect(await start(bursar(), '../../etc/passwd')).toMatchObject(missing);
    expect(await start(bursar(), `upload-${'0'.repeat(36)}`)).toMatchObject(missing);
    expect(await start(others.clerk)).toMatchObject({ accepted: false, rejection: { code: 'FORBIDDEN' } });
    const first = await start();
    expect(first).toMatchObject({ accepted: true, value: { fileName: 'a.csv' } });
    await program.settled();
    expect(await start()).toMatchObject({ accepted: true, value: { state: 'CHECKED' } });
    expect(await start(bursar(), `${uploadId}x`)).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    await expect(start(bursar(), uploadId, ' ')).rejects.toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
    for (const fileName of ['a.xls', 'a', 'a.xlsx.exe', `${'a'.repeat(200)}.csv`, 'a\u202exslx.csv']) {
      const answer = await program.run(new AnnounceUpload(bursar(), { organisationId: SCHOOL, fileName }));
      expect([fileName, answer]).toEqual([fileName, expect.objectContaining({ accepted: false })]);
    }
  });

  it('erases a student for good; the next roster does not bring the name back', async () => {
    const file = rosterCsv([rosterRow(601), rosterRow(602)]);
    await publishedImport(program, (await checkedImport(program, file)).id);
    const [student] = (await program.ask(new StudentsOf(bursar(), SCHOOL, '2026000601', PAGE))).items;
    const erase = () => program.run(new EraseStudentData(bursar(), student!.item.id));
    expect(await erase()).toEqual({ accepted: true, value: { ...student!.item, name: null } });
    expect(await erase()).toMatchObject({ accepted: true });
    const again = await checkedImport(program, file);
    expect(again.preview).toMatchObject({ unchanged: 2, changed: 0 });
    await publishedImport(program, again.id);
    const found = await program.ask(new StudentsOf(bursar(), SCHOOL, '20260006', PAGE));
    expect(found.items.map(({ item }) => [item.studentNo, item.name])).toEqual([
      ['2026000601', null],
      ['2026000602', '学生0602'],
    ]);
    expect(await program.run(new EraseStudentData(bursar(), asId('nobody')))).toMatchObject({
      accepted: false,
      rejection: { code: 'STUDENT_NOT_FOUND' },
    });
  });

  it('publishes all or nothing where that was asked, and nothing when nothing is right', async () => {
    const bad = rosterRow(502).with(9, 'x');
    const publish = (importId: ImportId) =>
      program.run(new PublishImport(bursar(), { idempotencyKey: 'x', importId }));
    const strict = await checkedImport(program, rosterCsv([rosterRow(501), bad]), {
      errorPolicy: 'all-or-nothing',
    });
    expect(await publish(strict.id)).toMatchObject({
      accepted: false,
      rejection: { code: 'IMPORT_HAS_ERRORS' },
    });
    const none = await checkedImport(program, rosterCsv([bad]));
    expect(await publish(none.id)).toMatchObject({
      accepted: false,
      rejection: { code: 'NOTHING_TO_ISSUE' },
    });
    const both = await checkedImport(program, rosterCsv([rosterRow(501), bad]));
    expect((await publishedImport(program, both.id)).result).toEqual({
      issued: 1,
      amended: 0,
      unchanged: 0,
      refused: 0,
    });
    expect(await publish(both.id)).toMatchObject({
      accepted: true,
      value: { state: 'PUBLISHED', result: { issued: 1 } },
    });
    expect(await program.run(new CancelImport(bursar(), both.id))).toMatchObject({
      accepted: false,
      rejection: { code: 'IMPORT_ALREADY_PUBLISHED' },
    });
  });
});
