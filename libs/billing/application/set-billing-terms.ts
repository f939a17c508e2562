import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { billingTermsAggregate } from '../codec/index.js';
import { encodePolicy } from '../codec/policy.js';
import {
  billingTermsIdFor,
  SetBillingTerms,
  type BillingTermsView,
  type SetBillingTermsRejection,
} from '../contract/index.js';
import { versionOn } from '../domain/billing-terms/index.js';
import { FORBIDDEN } from './forbidden.js';

/** A bursar says how the bills of their organisation may be paid from a day on. */
@CommandHandler(SetBillingTerms)
export class SetBillingTermsHandler implements ICommandHandler<SetBillingTerms> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context,
    input,
  }: SetBillingTerms): Promise<Outcome<BillingTermsView, SetBillingTermsRejection>> {
    const { tenant, accountId } = context.caller;
    const { idempotencyKey, organisationId, effectiveFrom, terms } = input;
    if (!actsFor(context.caller, organisationId, 'bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    const requestId = deriveUuid(
      UUID_NAMESPACES.command,
      'setBillingTerms',
      tenant,
      accountId,
      idempotencyKey,
    );
    // The input is part of the id: another input under the same key is another command, and gets refused.
    const commandId = deriveUuid(
      UUID_NAMESPACES.command,
      requestId,
      effectiveFrom,
      JSON.stringify(encodePolicy(terms)),
    );
    const at = this.runtime.clock.now();
    const today = localDateOf(at);
    const result = await this.store.run(
      billingTermsAggregate,
      billingTermsIdFor(tenant, organisationId),
      { kind: 'set', tenant, organisationId, effectiveFrom, terms, requestId, today, at },
      { ...commandContext(context, commandId, at), organisation: organisationId },
    );
    if (!result.accepted) return result;
    const version = result.state.versions.find((known) => known.requestId === requestId);
    if (!version) throw new Error(`Terms of ${organisationId} were set and are not in the log.`);
    const inForce = versionOn(result.state, today) === version;
    return { accepted: true, value: { effectiveFrom, setAt: version.setAt, inForce, terms: version.terms } };
  }
}
