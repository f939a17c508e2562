import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import { organisationAggregate } from '../codec/index.js';
import { RegisterOrganisation, type OrganisationView } from '../contract/index.js';

type RegisterOutcome = Outcome<OrganisationView, Rejection<'FORBIDDEN' | 'ORGANISATION_EXISTS'>>;

/** What an account path can hold (libs/kernel/money): the money goes to `org:<id>:payable`. */
const ORGANISATION_ID = /^[A-Za-z0-9._-]{1,80}$/;
const LONGEST_NAME = 200;

/** Business development or operations of the tenant bring an institution on. */
@CommandHandler(RegisterOrganisation)
export class RegisterOrganisationHandler implements ICommandHandler<RegisterOrganisation> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: RegisterOrganisation): Promise<RegisterOutcome> {
    const { caller } = context;
    if (caller.organisation !== undefined || !hasRole(caller, ['bd', 'ops'])) {
      const message = 'Only staff of the tenant register organisations.';
      return { accepted: false, rejection: { code: 'FORBIDDEN', message } };
    }
    const { organisationId, nameZh, nameEn, kind } = input;
    assertContent(input);
    const { tenant } = caller;
    const organisation = { organisationId, tenant, nameZh, nameEn, kind };
    const at = this.runtime.clock.now();
    // The content is part of the id: other content for the same organisation is another command, and gets refused.
    const commandId = deriveUuid(
      UUID_NAMESPACES.command,
      'registerOrganisation',
      JSON.stringify(organisation),
    );
    const command = { kind: 'register', organisation, at } as const;
    const result = await this.store.run(
      organisationAggregate,
      organisationId,
      command,
      commandContext(context, commandId, at),
    );
    if (!result.accepted) {
      const { message } = result.rejection;
      return { accepted: false, rejection: { code: 'ORGANISATION_EXISTS', message } };
    }
    return { accepted: true, value: { id: organisationId, nameZh, nameEn, kind } };
  }
}

function assertContent({ organisationId, nameZh, nameEn }: RegisterOrganisation['input']): void {
  if (!ORGANISATION_ID.test(organisationId)) {
    const message = 'An organisation id is 1 to 80 letters, digits, dots, dashes or underscores.';
    throw new InvalidInputError('INVALID_ORGANISATION', message, ['input', 'organisationId']);
  }
  for (const [field, name] of Object.entries({ nameZh, nameEn })) {
    if (name.trim() !== '' && name.length <= LONGEST_NAME) continue;
    const message = `A name has 1 to ${LONGEST_NAME} characters.`;
    throw new InvalidInputError('INVALID_ORGANISATION', message, ['input', field]);
  }
}
