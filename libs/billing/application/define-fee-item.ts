import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { feeItemAggregate } from '../codec/index.js';
import {
  DefineFeeItem,
  feeItemIdFor,
  type DefineFeeItemRejection,
  type FeeItemView,
} from '../contract/index.js';
import { FORBIDDEN } from './forbidden.js';

/** A bursar says what their organisation charges for. */
@CommandHandler(DefineFeeItem)
export class DefineFeeItemHandler implements ICommandHandler<DefineFeeItem> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: DefineFeeItem): Promise<Outcome<FeeItemView, DefineFeeItemRejection>> {
    const { caller } = context;
    const { idempotencyKey, organisationId, code, name, category, glCode, priority } = input;
    if (!actsFor(caller, organisationId, 'bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    const feeItemId = feeItemIdFor(organisationId, code);
    const scope = ['defineFeeItem', caller.tenant, caller.accountId, idempotencyKey] as const;
    const requestId = deriveUuid(UUID_NAMESPACES.command, ...scope);
    const content = { organisationId, code, name, category, glCode, priority };
    const commandId = deriveUuid(UUID_NAMESPACES.command, requestId, JSON.stringify(content));
    const at = this.runtime.clock.now();
    const parts = Object.values(content).map(String);
    const request = { operation: 'defineFeeItem', idempotencyKey, input: parts };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const result = await this.store.run(
      feeItemAggregate,
      feeItemId,
      { kind: 'define', feeItemId, tenant: caller.tenant, requestId, ...content },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return result;
    return { accepted: true, value: { id: feeItemId, ...content, retired: false } };
  }
}
