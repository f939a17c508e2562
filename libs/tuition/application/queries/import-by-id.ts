import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ImportById, type ImportView } from '../../contract/index.js';
import { importView } from '../import-view.js';
import { ownedImport } from '../owned-import.js';
import { TuitionPorts } from '../ports.js';

/** Answered from the stream, not from a view: a client that started a job and asks at once sees it. */
@QueryHandler(ImportById)
export class ImportByIdHandler implements IQueryHandler<ImportById> {
  constructor(private readonly ports: TuitionPorts) {}

  async execute({ context, id }: ImportById): Promise<ImportView | undefined> {
    const state = await ownedImport(this.ports, context, id);
    return state && importView(state);
  }
}
