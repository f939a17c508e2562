import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { sha256Hex } from '#libs/signatures/canonical/index.js';
import { RevealSecret } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, IN_FORCE, onlyRefusedWith } from './refusals.js';
import { assertSecret } from './texts.js';

/** Fulfils a rule that waits for a secret. */
@CommandHandler(RevealSecret)
export class RevealSecretHandler implements ICommandHandler<RevealSecret> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: RevealSecret) {
    const { ruleId, secret } = input;
    assertSecret(secret);
    const preimageHash = sha256Hex(secret);
    const asked = { ...input, operation: 'revealSecret', said: [ruleId, preimageHash] };
    const act = { kind: 'reveal', ruleId, preimage: secret, preimageHash } as const;
    const outcome = await this.acts.act(context, asked, act);
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      ...IN_FORCE,
      RULE_NOT_FOUND: true,
      RULE_NOT_APPLICABLE: true,
      WRONG_SECRET: true,
      NOTHING_TO_PAY: true,
    });
  }
}
