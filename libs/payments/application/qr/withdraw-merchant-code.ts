import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor, hasRole } from '#libs/security/port/index.js';
import { qrCodeAggregate } from '../../codec/qr-aggregates.js';
import { WithdrawMerchantCode, type MerchantCodeView } from '../../contract/index.js';
import { merchantCodeViewOf } from './merchant-code-view.js';
import { assertReason } from './reason.js';

type WithdrawRejection = Rejection<'FORBIDDEN' | 'QR_NOT_FOUND' | 'QR_USED'>;

/** Whoever may issue such a code may withdraw it. */
@CommandHandler(WithdrawMerchantCode)
export class WithdrawMerchantCodeHandler implements ICommandHandler<WithdrawMerchantCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context,
    input,
  }: WithdrawMerchantCode): Promise<Outcome<MerchantCodeView, WithdrawRejection>> {
    const { caller } = context;
    const { codeId } = input;
    if (!hasRole(caller, ['bursar', 'clerk'])) {
      return refused({ code: 'FORBIDDEN', message: 'Codes are not yours to withdraw.' });
    }
    assertReason(input.reason);
    if (!isUuid(codeId)) return notFound();
    const { state: known } = await this.store.load(qrCodeAggregate, codeId);
    if (known.status === 'absent') return notFound();
    const mayWithdraw =
      actsFor(caller, known.organisationId, 'bursar') ||
      (known.kind === 'dynamic' && actsFor(caller, known.organisationId, 'clerk'));
    if (!mayWithdraw) return notFound();
    const at = this.runtime.clock.now();
    const { state, ...result } = await this.store.run(
      qrCodeAggregate,
      codeId,
      { kind: 'withdraw', tenant: caller.tenant, reason: input.reason.trim(), at },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, codeId, 'withdraw'), at),
    );
    if (!result.accepted) {
      if (result.rejection.code === 'QR_USED') return refused({ ...result.rejection, code: 'QR_USED' });
      return notFound();
    }
    if (state.status === 'absent') throw new Error('A withdrawn code is not in the log.');
    return { accepted: true, value: merchantCodeViewOf(state, at) };
  }
}

function notFound() {
  return refused({ code: 'QR_NOT_FOUND', message: 'There is no such code.' });
}

function refused(rejection: WithdrawRejection) {
  return { accepted: false, rejection } as const;
}
