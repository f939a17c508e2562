import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { ROLES, hasRole } from '#libs/security/port/index.js';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '../../contract/release-contracts.js';
import { AttestContract } from '../../contract/requests.js';
import { readStatement } from '../evidence/read-statement.js';
import { moverOf } from './contract-acts.js';
import { IN_FORCE, noSuchContract, onlyRefusedWith, refused } from './refusals.js';
import { belongsTo } from './roles-of.js';

const MOST_SIGNATURES = 16;

/** Somebody hands in evidence; the keys that signed it speak for themselves. */
@CommandHandler(AttestContract)
export class AttestContractHandler implements ICommandHandler<AttestContract> {
  constructor(
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: AttestContract) {
    const { caller } = context;
    if (!hasRole(caller, ROLES)) return refused('FORBIDDEN', 'The caller has no role.');
    const { contractId, signatures } = input;
    const contract = isUuid(contractId) ? await this.contracts.find(caller.tenant, contractId) : undefined;
    if (!contract || !belongsTo(caller, contract)) return noSuchContract();
    if (signatures.length > MOST_SIGNATURES) {
      return refused('INVALID_EVIDENCE', `At most ${MOST_SIGNATURES} signatures.`, ['input', 'signatures']);
    }
    const statement = readStatement(input.statement);
    if (!statement.accepted) return statement;
    // A fresh id: the very same evidence once more is to be refused as such, not answered as the first time.
    const mover = moverOf(context, this.runtime.ids.next());
    const outcome = await this.contracts.attest(mover, contractId, {
      statement: statement.value,
      signatures,
    });
    return onlyRefusedWith(outcome, {
      ...IN_FORCE,
      CONTRACT_NOT_FOUND: true,
      CLOCK_REGRESSION: true,
      RULE_NOT_FOUND: true,
      RULE_NOT_APPLICABLE: true,
      EVIDENCE_TOO_LARGE: true,
      INVALID_EVIDENCE: true,
      BAD_SIGNATURE: true,
      NOT_ENOUGH_SIGNATURES: true,
      DUPLICATE: true,
      EVIDENCE_CONFLICT: true,
      EVIDENCE_NOT_FOR_RULE: true,
      EVIDENCE_FROM_THE_FUTURE: true,
      EVIDENCE_TOO_OLD: true,
      EVIDENCE_OUT_OF_ORDER: true,
      EXCEEDS_UNITS: true,
    });
  }
}
