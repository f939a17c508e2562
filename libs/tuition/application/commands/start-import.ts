import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, type ImportId } from '#libs/kernel/ids/index.js';
import { importAggregate } from '../../codec/index.js';
import { StartImport, type ImportView } from '../../contract/index.js';
import { commandIdFor, importIdFor } from '../ids.js';
import { importView } from '../import-view.js';
import { ImportJobs } from '../jobs/import-jobs.js';
import { TuitionPorts } from '../ports.js';
import { bursarOf } from '../requests.js';
import { readAnnouncement } from '../uploads/upload.js';

type Place = NonNullable<ReturnType<typeof bursarOf>>;
type Answer = Outcome<ImportView, Rejection<'FORBIDDEN' | 'UPLOAD_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>>;

/** The import's id derives from the idempotency key, so that the same request finds the same import, for good. */
@CommandHandler(StartImport)
export class StartImportHandler implements ICommandHandler<StartImport> {
  constructor(
    private readonly ports: TuitionPorts,
    private readonly jobs: ImportJobs,
  ) {}

  async execute(request: StartImport): Promise<Answer> {
    const { context, input } = request;
    const place = bursarOf(context);
    if (!place) return refused('FORBIDDEN', 'Only a bursar may import a roster.');
    assertIdempotencyKey(input.idempotencyKey);
    const importId = importIdFor(place.tenant, place.organisationId, input.idempotencyKey);
    const known = await this.ports.store.load(importAggregate, importId);
    // A request that is repeated after the upload was deleted still gets its answer.
    const fileName =
      known.state.status === 'absent' ? await this.fileNameOf(input.uploadId, place) : known.state.fileName;
    if (fileName === undefined)
      return refused('UPLOAD_NOT_FOUND', 'There is no such upload, or it is not complete.');
    return this.start(request, { place, importId, fileName });
  }

  private async fileNameOf(uploadId: string, place: Place): Promise<string | undefined> {
    const announced = await readAnnouncement(this.ports.files, uploadId);
    if (announced?.tenant !== place.tenant || announced.organisationId !== place.organisationId)
      return undefined;
    return (await this.ports.files.exists(uploadId)) ? announced.fileName : undefined;
  }

  private async start(
    { context, input }: StartImport,
    { place, importId, fileName }: { place: Place; importId: ImportId; fileName: string },
  ): Promise<Answer> {
    const { accountId, personId } = context.caller;
    const { uploadId, errorPolicy } = input;
    const at = this.ports.runtime.clock.now();
    const requester = { accountId, personId };
    const command = {
      kind: 'start' as const,
      importId,
      ...place,
      uploadId,
      fileName,
      errorPolicy,
      requester,
      at,
    };
    // The input is part of the command's id: the same key with another input is decided, not replayed.
    const commandId = commandIdFor(importId, 'start', uploadId, errorPolicy);
    const result = await this.ports.store.run(
      importAggregate,
      importId,
      command,
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused('IDEMPOTENCY_CONFLICT', result.rejection.message);
    if (result.state.status === 'absent') throw new TypeError('An import that was started is not absent.');
    this.jobs.wake(importId);
    return { accepted: true, value: importView(result.state) };
  }
}

function refused<Code extends string>(code: Code, message: string) {
  return { accepted: false as const, rejection: { code, message } };
}
