import { AttestContract, DraftContract, SignContract } from '#libs/contracts/contract/requests.js';
import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { type ContractStage, fundFromWallet, made, yuan } from './contract-play.js';
import { bursarOf, contextOf, demoCaller } from './demo-callers.js';
import { DEMO_DEPOSIT } from './demo-contracts.js';
import { inspectionDevice } from './inspection-device.js';
import type { Act } from './play-occasions.js';
import { accepted } from './seed-target.js';

/** A contract by hand: a deposit for an instrument, and a deduction that the lessee may still object to. */
export function depositOf(stage: ContractStage): readonly Act[] {
  const deposit = new Deposit(stage);
  const { draftedAt, signedAt, paidAt, inspectedAt } = stage.plan.deposit;
  return [
    { at: draftedAt, play: () => deposit.draft() },
    { at: signedAt, play: () => deposit.signByLessee() },
    { at: paidAt, play: () => deposit.pay() },
    { at: inspectedAt, play: () => deposit.inspect() },
  ];
}

class Deposit {
  #contract: ContractSummary | undefined;
  readonly #device = inspectionDevice();
  readonly #lessee = demoCaller(DEMO_DEPOSIT.lessee);
  readonly #bursar = contextOf(bursarOf(DEMO_DEPOSIT.lessor));

  constructor(private readonly stage: ContractStage) {}

  async draft(): Promise<void> {
    const { target, plan } = this.stage;
    const { template, region, fen, notice, lessor, arbiter } = DEMO_DEPOSIT;
    const { fundBy, returnOn, endsAt } = plan.deposit;
    const input = {
      idempotencyKey: 'demo-deposit',
      templateId: template,
      region,
      parameters: [
        { name: 'deposit', amount: yuan(fen) },
        { name: 'notice', text: notice },
        { name: 'fundBy', text: fundBy },
        { name: 'returnOn', text: returnOn },
        { name: 'endsAt', text: endsAt },
        { name: 'inspectionKeys', keys: [this.#device.key] },
      ],
      parties: [
        { role: 'lessee', account: this.#lessee.accountId },
        { role: 'lessor', organisationId: lessor.id },
        { role: 'arbiter', organisationId: arbiter.id },
      ],
    };
    this.#contract = accepted(await target.execute(new DraftContract(this.#bursar, input)), 'deposit');
    await this.#sign(this.#bursar, 'lessor');
  }

  async signByLessee(): Promise<void> {
    await this.#sign(contextOf(this.#lessee), 'lessee');
  }

  async pay(): Promise<void> {
    const { lessee: payer, fen } = DEMO_DEPOSIT;
    await fundFromWallet(this.stage, this.#known().contractId, { key: 'deposit', payer, fen });
  }

  /** By the lessor's own device. */
  async inspect(): Promise<void> {
    const { contractId } = this.#known();
    const { inspectedAt } = this.stage.plan.deposit;
    const deduction = DEMO_DEPOSIT.deductionFen.toString();
    const statement = {
      contractId,
      rule: 'deduction',
      schema: 'inspection.v1',
      dedupeKey: 'demo-1',
      payload: { inspectionNo: 'demo-1', deduction, inspectedOn: localDateOf(inspectedAt) },
      observedAt: inspectedAt,
    };
    const { keyId, alg } = this.#device.key;
    const input = {
      contractId,
      statement: JSON.stringify(statement),
      signatures: [{ keyId, alg, sig: this.#device.sign(statement) }],
    };
    accepted(await this.stage.target.execute(new AttestContract(this.#bursar, input)), 'inspection');
  }

  async #sign(context: RequestContext, role: string): Promise<void> {
    const { contractId, docHash } = this.#known();
    const input = {
      idempotencyKey: `demo-sign-${role}`,
      contractId,
      role,
      documentHash: docHash,
    };
    const outcome = await this.stage.target.execute(new SignContract(context, input));
    accepted(outcome, `signature of the ${role}`);
  }

  #known(): ContractSummary {
    return made(this.#contract, 'deposit');
  }
}
