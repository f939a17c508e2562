import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { localDateOf, type LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import { organisationAggregate } from '../codec/index.js';
import { SetMerchantCategory, type OrganisationView } from '../contract/index.js';

type SetOutcome = Outcome<
  OrganisationView & { readonly mcc: string; readonly from: LocalDate },
  Rejection<'FORBIDDEN' | 'ORGANISATION_NOT_FOUND'>
>;

const CATEGORY = /^\d{4}$/;

/** What an organisation sells, from today or a later day on. */
@CommandHandler(SetMerchantCategory)
export class SetMerchantCategoryHandler implements ICommandHandler<SetMerchantCategory> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: SetMerchantCategory): Promise<SetOutcome> {
    const { caller } = context;
    if (caller.organisation !== undefined || !hasRole(caller, ['bd', 'ops']))
      return refused('FORBIDDEN', 'Only staff of the tenant set the category of a merchant.');
    const { idempotencyKey, organisationId, mcc } = input;
    assertIdempotencyKey(idempotencyKey);
    const at = this.runtime.clock.now();
    const today = localDateOf(at);
    const from = input.from ?? today;
    if (!CATEGORY.test(mcc)) throw invalid('A merchant category has four digits.', 'mcc');
    // What was sold before stays what it was.
    if (from < today) throw invalid('A category holds from today or a later day on.', 'from');
    const { tenant } = caller;
    const said = [tenant, caller.accountId, organisationId, idempotencyKey, mcc, from];
    const commandId = deriveUuid(UUID_NAMESPACES.command, 'setMerchantCategory', ...said);
    const result = await this.store.run(
      organisationAggregate,
      organisationId,
      { kind: 'setCategory', tenant, mcc, from, at },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused('ORGANISATION_NOT_FOUND', 'There is no such organisation.');
    if (result.state.status === 'absent')
      throw new Error('An organisation with a category is not in the log.');
    const { nameZh, nameEn, kind } = result.state;
    return { accepted: true, value: { id: organisationId, nameZh, nameEn, kind, mcc, from } };
  }
}

function invalid(message: string, field: string): InvalidInputError {
  return new InvalidInputError('INVALID_CATEGORY', message, ['input', field]);
}

function refused(code: 'FORBIDDEN' | 'ORGANISATION_NOT_FOUND', message: string): SetOutcome {
  return { accepted: false, rejection: { code, message } };
}
