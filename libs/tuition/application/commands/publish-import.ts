import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import { importAggregate } from '../../codec/index.js';
import { PublishImport, type ImportView, type PublishImportRejection } from '../../contract/index.js';
import type { ImportRefusal } from '../../domain/roster-import/index.js';
import { commandIdFor } from '../ids.js';
import { importView } from '../import-view.js';
import { ImportJobs } from '../jobs/import-jobs.js';
import { TuitionPorts } from '../ports.js';
import { bursarOf } from '../requests.js';

/** Asks for the checked rows to be published; the job does it. Asked again, it answers with how far the job is. */
@CommandHandler(PublishImport)
export class PublishImportHandler implements ICommandHandler<PublishImport> {
  constructor(
    private readonly ports: TuitionPorts,
    private readonly jobs: ImportJobs,
  ) {}

  async execute({ context, input }: PublishImport): Promise<Outcome<ImportView, PublishImportRejection>> {
    const place = bursarOf(context);
    if (!place) {
      return {
        accepted: false,
        rejection: { code: 'FORBIDDEN', message: 'Only a bursar may publish an import.' },
      };
    }
    const { importId, idempotencyKey } = input;
    assertIdempotencyKey(idempotencyKey);
    if (!isUuid(importId)) {
      return {
        accepted: false,
        rejection: { code: 'IMPORT_NOT_FOUND', message: 'There is no such import.' },
      };
    }
    const { accountId, personId } = context.caller;
    const command = { kind: 'request-publish' as const, ...place, requester: { accountId, personId } };
    const at = this.ports.runtime.clock.now();
    const commandId = commandIdFor(
      importId,
      'request-publish',
      place.tenant,
      place.organisationId,
      idempotencyKey,
    );
    const result = await this.ports.store.run(
      importAggregate,
      importId,
      command,
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return { accepted: false, rejection: publicRejection(result.rejection) };
    if (result.state.status === 'absent') throw new TypeError('An import that is published is not absent.');
    this.jobs.wake(importId);
    return { accepted: true, value: importView(result.state) };
  }
}

function publicRejection({ code, message }: ImportRefusal): PublishImportRejection {
  switch (code) {
    case 'IMPORT_NOT_FOUND':
    case 'IMPORT_NOT_CHECKED':
    case 'IMPORT_HAS_ERRORS':
    case 'IMPORT_CANCELLED':
    case 'NOTHING_TO_ISSUE':
      return { code, message };
    case 'IDEMPOTENCY_CONFLICT':
    case 'IMPORT_ALREADY_PUBLISHED':
    case 'IMPORT_MOVED_ON':
      throw new TypeError(`${code} is no answer to a request to publish.`);
  }
}
