import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { importAggregate } from '../../codec/index.js';
import { CancelImport, type ImportView } from '../../contract/index.js';
import { importView } from '../import-view.js';
import { ImportJobs } from '../jobs/import-jobs.js';
import { TuitionPorts } from '../ports.js';
import { bursarOf } from '../requests.js';

type Answer = Outcome<ImportView, Rejection<'FORBIDDEN' | 'IMPORT_NOT_FOUND' | 'IMPORT_ALREADY_PUBLISHED'>>;

/** Gives an import up before publishing has begun; its upload and working data are deleted. */
@CommandHandler(CancelImport)
export class CancelImportHandler implements ICommandHandler<CancelImport> {
  constructor(
    private readonly ports: TuitionPorts,
    private readonly jobs: ImportJobs,
  ) {}

  async execute({ context, importId }: CancelImport): Promise<Answer> {
    const place = bursarOf(context);
    if (!place) return refused('FORBIDDEN', 'Only a bursar may cancel an import.');
    if (!isUuid(importId)) return refused('IMPORT_NOT_FOUND', 'There is no such import.');
    const { clock, ids } = this.ports.runtime;
    // No key: cancelling again says nothing new, so a fresh command id does no harm.
    const asked = commandContext(context, ids.next(), clock.now());
    const command = { kind: 'cancel' as const, ...place };
    const result = await this.ports.store.run(importAggregate, importId, command, asked);
    if (!result.accepted) {
      const { code, message } = result.rejection;
      return refused(code === 'IMPORT_ALREADY_PUBLISHED' ? code : 'IMPORT_NOT_FOUND', message);
    }
    if (result.state.status === 'absent') throw new TypeError('An import that is cancelled is not absent.');
    this.jobs.abandon(importId);
    return { accepted: true, value: importView(result.state) };
  }
}

function refused<Code extends string>(code: Code, message: string) {
  return { accepted: false as const, rejection: { code, message } };
}
