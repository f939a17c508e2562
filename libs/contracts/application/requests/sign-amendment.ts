import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SignAmendment } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { PartySignatures, saidBy } from './party-signature.js';
import { ANY_ACT, onlyRefusedWith, refused } from './refusals.js';

/** A party agrees to new terms; they hold with the last signature. */
@CommandHandler(SignAmendment)
export class SignAmendmentHandler implements ICommandHandler<SignAmendment> {
  constructor(
    private readonly acts: ContractActs,
    private readonly signatures: PartySignatures,
  ) {}

  async execute({ context, input }: SignAmendment) {
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const { amendmentId, documentHash, key } = input;
    const signature = await this.signatures.read(context, party.value, documentHash, key);
    if (!signature) return refused('BAD_SIGNATURE', 'The signature does not verify.', ['input', 'key']);
    const { role } = party.value;
    const said = [amendmentId, documentHash, ...saidBy(key)];
    const act = { kind: 'signAmendment', amendmentId, role, signature } as const;
    const asked = { ...input, operation: 'signAmendment', said };
    return onlyRefusedWith(await this.acts.actAs(context, party.value, asked, act), {
      ...ANY_ACT,
      CONTRACT_NOT_SIGNED: true,
      CONTRACT_FROZEN: true,
      CONTRACT_CLOSING: true,
      CONTRACT_CLOSED: true,
      WRONG_DOCUMENT: true,
      BAD_SIGNATURE: true,
      DISPUTE_OPEN: true,
      AMENDMENT_NOT_FOUND: true,
      AMENDMENT_NOT_POSSIBLE: true,
    });
  }
}
