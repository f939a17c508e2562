import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { mandateAggregate } from '../../codec/index.js';
import { RevokeMandate, type MandateView } from '../../contract/mandates.js';
import { mandateViewOf } from './mandate-view.js';

type RevokeOutcome = Outcome<MandateView, Rejection<'FORBIDDEN' | 'MANDATE_NOT_FOUND'>>;

/** The payer ends a mandate; effective before the next payment of it. */
@CommandHandler(RevokeMandate)
export class RevokeMandateHandler implements ICommandHandler<RevokeMandate> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: RevokeMandate): Promise<RevokeOutcome> {
    const { caller } = context;
    if (!caller.roles.includes('payer')) {
      return {
        accepted: false,
        rejection: { code: 'FORBIDDEN', message: 'Only a payer revokes a mandate.' },
      };
    }
    const { idempotencyKey, mandateId } = input;
    assertIdempotencyKey(idempotencyKey);
    if (!isUuid(mandateId)) return NOT_FOUND;
    const { state: mandate } = await this.store.load(mandateAggregate, mandateId);
    const own =
      mandate.status !== 'absent' && mandate.tenant === caller.tenant && mandate.account === caller.accountId;
    if (!own) return NOT_FOUND;
    const at = this.runtime.clock.now();
    const { state } = await this.store.run(
      mandateAggregate,
      mandateId,
      { kind: 'revoke', by: 'payer', at },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, mandateId, 'revoke'), at),
    );
    if (state.status === 'absent') throw new Error('A revoked mandate is not in the log.');
    return { accepted: true, value: mandateViewOf(state) };
  }
}

const NOT_FOUND: RevokeOutcome = {
  accepted: false,
  rejection: { code: 'MANDATE_NOT_FOUND', message: 'There is no such mandate.' },
};
