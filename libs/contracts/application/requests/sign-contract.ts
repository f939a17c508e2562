import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SignContract } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { PartySignatures, saidBy } from './party-signature.js';
import { ANY_ACT, onlyRefusedWith, refused } from './refusals.js';

/** A party agrees to the document that it was shown. */
@CommandHandler(SignContract)
export class SignContractHandler implements ICommandHandler<SignContract> {
  constructor(
    private readonly acts: ContractActs,
    private readonly signatures: PartySignatures,
  ) {}

  async execute({ context, input }: SignContract) {
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const { documentHash, key } = input;
    // Looked at before the signature: who has seen another document is told so, whatever they signed it with.
    if (documentHash !== party.value.contract.docHash) {
      return refused('WRONG_DOCUMENT', 'This is not the hash of the contract.', ['input', 'documentHash']);
    }
    const signature = await this.signatures.read(context, party.value, documentHash, key);
    if (!signature) return refused('BAD_SIGNATURE', 'The signature does not verify.', ['input', 'key']);
    const { role } = party.value;
    const asked = { ...input, operation: 'signContract', said: [documentHash, ...saidBy(key)] };
    const outcome = await this.acts.actAs(context, party.value, asked, { kind: 'sign', role, signature });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      WRONG_DOCUMENT: true,
      BAD_SIGNATURE: true,
      CONTRACT_CLOSED: true,
    });
  }
}
