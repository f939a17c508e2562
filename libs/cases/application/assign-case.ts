import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { AssignCase } from '../contract/index.js';
import { ANY_ACT, CaseActs, onlyRefusedWith } from './case-acts.js';

/** What an issuer's account id looks like to us. */
const ACCOUNT = /^[\x21-\x7e]{1,200}$/;

/** Staff take a case, or give it to somebody by account. */
@CommandHandler(AssignCase)
export class AssignCaseHandler implements ICommandHandler<AssignCase> {
  constructor(private readonly acts: CaseActs) {}

  async execute({ context, input }: AssignCase) {
    const { caseId, idempotencyKey, owner = context.caller.accountId } = input;
    if (!ACCOUNT.test(owner)) {
      throw new InvalidInputError('INVALID_ACCOUNT', 'An owner is named by account.', ['input', 'owner']);
    }
    const outcome = await this.acts.run(context, {
      operation: 'assignCase',
      caseId,
      idempotencyKey,
      alsoComplainant: false,
      act: { command: 'assign', owner },
    });
    return onlyRefusedWith(outcome, { ...ANY_ACT, CASE_CLOSED: true });
  }
}
