import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import {
  RegionalParametersOf,
  REGIONS,
  type RegionalParametersView,
  type Regions,
} from '../../contract/templates.js';
import { parametersViewOf } from './region-view.js';

/** What is in force on a day; for a coming day: as set so far. */
@QueryHandler(RegionalParametersOf)
export class RegionalParametersOfHandler implements IQueryHandler<RegionalParametersOf> {
  constructor(
    @Inject(REGIONS) private readonly regions: Regions,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context: { caller },
    region,
    on,
  }: RegionalParametersOf): Promise<RegionalParametersView | undefined> {
    const parameters = await this.regions.on(
      caller.tenant,
      region,
      on ?? localDateOf(this.runtime.clock.now()),
    );
    return parameters && parametersViewOf(parameters);
  }
}
