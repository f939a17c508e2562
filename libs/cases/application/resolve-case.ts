import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ResolveCase } from '../contract/index.js';
import { ANY_ACT, assertText, CaseActs, onlyRefusedWith } from './case-acts.js';

/** Staff bring a case to its end and say how. */
@CommandHandler(ResolveCase)
export class ResolveCaseHandler implements ICommandHandler<ResolveCase> {
  constructor(private readonly acts: CaseActs) {}

  async execute({ context, input }: ResolveCase) {
    const { caseId, idempotencyKey, text } = input;
    assertText(text);
    const outcome = await this.acts.run(context, {
      operation: 'resolveCase',
      caseId,
      idempotencyKey,
      alsoComplainant: false,
      act: { command: 'resolve', text },
    });
    return onlyRefusedWith(outcome, { ...ANY_ACT, CASE_CLOSED: true });
  }
}
