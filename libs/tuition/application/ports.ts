import { Inject, Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { FileStore } from '#libs/files/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, FILE_STORE, RUNTIME, SUBJECT_KEYS } from '#libs/runtime/port/tokens.js';
import type { SubjectKeys } from '#libs/security/port/index.js';

/** What every use case of tuition needs of the outside. */
@Injectable()
export class TuitionPorts {
  constructor(
    @Inject(DECIDER_STORE) readonly store: DeciderStore,
    @Inject(FILE_STORE) readonly files: FileStore,
    @Inject(SUBJECT_KEYS) readonly keys: SubjectKeys,
    @Inject(RUNTIME) readonly runtime: Runtime,
  ) {}
}

/** The doors to other contexts: billing's commands and queries. */
@Injectable()
export class TuitionBuses {
  constructor(
    readonly commands: CommandBus,
    readonly queries: QueryBus,
  ) {}
}
