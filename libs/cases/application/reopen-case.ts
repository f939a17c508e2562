import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ReopenCase } from '../contract/index.js';
import { ANY_ACT, assertText, CaseActs, onlyRefusedWith } from './case-acts.js';

/** The end is not accepted: by staff, or by the payer who complained. The clock starts again. */
@CommandHandler(ReopenCase)
export class ReopenCaseHandler implements ICommandHandler<ReopenCase> {
  constructor(private readonly acts: CaseActs) {}

  async execute({ context, input }: ReopenCase) {
    const { caseId, idempotencyKey, text } = input;
    assertText(text);
    const outcome = await this.acts.run(context, {
      operation: 'reopenCase',
      caseId,
      idempotencyKey,
      alsoComplainant: true,
      act: { command: 'reopen', text },
    });
    return onlyRefusedWith(outcome, { ...ANY_ACT, CASE_NOT_RESOLVED: true });
  }
}
