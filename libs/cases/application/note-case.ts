import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NoteCase } from '../contract/index.js';
import { ANY_ACT, assertText, CaseActs, onlyRefusedWith } from './case-acts.js';

/** Somebody adds to a case: staff, or the payer to their own complaint. */
@CommandHandler(NoteCase)
export class NoteCaseHandler implements ICommandHandler<NoteCase> {
  constructor(private readonly acts: CaseActs) {}

  async execute({ context, input }: NoteCase) {
    const { caseId, idempotencyKey, text } = input;
    assertText(text);
    const outcome = await this.acts.run(context, {
      operation: 'noteCase',
      caseId,
      idempotencyKey,
      alsoComplainant: true,
      act: { command: 'note', text },
    });
    return onlyRefusedWith(outcome, { ...ANY_ACT, CASE_CLOSED: true });
  }
}
