/** What people do with release contracts, by dice: sell lessons and electricity, fund, attest, confirm, object, vote, end. */
import type { Answer, Attempt } from './acts.js';
import { type Kind, LESSONS, moments, parametersOf, TERMINALS } from './contract-parameters.js';
import { TEMPLATE_ID } from './contract-terms.js';
import type { Dice } from './dice.js';
import { yuan } from './money.js';
import type { Purse, Tokens } from './school.js';

/** A contract that money is meant to be in, as the people remember it. */
export interface LiveContract {
  readonly id: string;
  readonly number: string;
  readonly kind: Kind;
  readonly purse: Purse;
  /** Units attested, or readings taken. */
  units: number;
  /** Everything that was handed in as evidence. */
  readonly evidence: Attempt[];
}

export interface ContractStreet {
  readonly dice: Dice;
  readonly purses: readonly Purse[];
  readonly tokens: Tokens;
  readonly nextKey: () => string;
  readonly contracts: LiveContract[];
}

/** As many are alive in people's minds; the oldest are forgotten and left to the clock. */
const MOST_ALIVE = 60;
const UNITS_PER_READING = 40;
const PLACE_OF = {
  lessons: { templateId: TEMPLATE_ID, payer: 'payer', payee: 'school', third: 'bureau' },
  meter: { templateId: 'prepaid-meter-deposit', payer: 'customer', payee: 'utility', third: 'regulator' },
  escrow: { templateId: 'escrow-k-of-n', payer: 'buyer', payee: 'seller', third: 'arbiter' },
} as const;

export function onContracts(street: ContractStreet): readonly Attempt[] {
  const { dice, contracts } = street;
  const contract = contracts[dice.below(contracts.length + 1)];
  if (!contract || (contracts.length < MOST_ALIVE / 3 && dice.below(2) === 0)) return draft(street);
  switch (contract.kind) {
    case 'lessons':
      return lessons(street, contract);
    case 'meter':
      return meter(street, contract);
    case 'escrow':
      return escrow(street, contract);
  }
}

function lessons(street: ContractStreet, contract: LiveContract): readonly Attempt[] {
  const { dice, tokens } = street;
  const kind = dice.below(100);
  if (kind < 40) return attested(street, contract);
  // Mostly the last one: the others are over by silence.
  const unit = dice.below(4) > 0 ? contract.units : 1 + dice.below(LESSONS);
  const lesson = { ruleId: 'lesson', dedupeKey: String(unit) };
  const payer = asPayer(street, contract);
  if (kind < 58) return [payer('confirmUnit', lesson)];
  if (kind < 70)
    return [disputed(payer('objectToUnit', { ...lesson, reasonCode: 'NOT_DELIVERED' }), street, contract)];
  if (kind < 80) {
    const claim = {
      ruleId: 'books',
      organisationId: tokens.schoolId,
      amount: yuan(BigInt(1 + dice.below(30))),
    };
    return [payer('claimFromContract', claim)];
  }
  if (kind < 88) return amended(street, contract);
  // The payer, and the clock with whatever is in its notice.
  if (kind < 94) return forgotten(street, contract, [payer('approveUnit', { ruleId: 'withdraw' })]);
  return forgotten(street, contract, []);
}

function meter(street: ContractStreet, contract: LiveContract): readonly Attempt[] {
  const { dice } = street;
  const kind = dice.below(100);
  if (kind < 45) return attested(street, contract);
  if (kind < 70) return [fund(street, contract, BigInt(1 + dice.below(150)))];
  const payer = asPayer(street, contract);
  if (kind < 80) return [disputed(payer('openDispute', { reasonCode: 'WRONG_READING' }), street, contract)];
  return kind < 88 ? forgotten(street, contract, closedByBoth(street, contract, 'closeAccount')) : [];
}

function escrow(street: ContractStreet, contract: LiveContract): readonly Attempt[] {
  const { dice } = street;
  const kind = dice.below(100);
  const payer = asPayer(street, contract);
  if (kind < 40) return [disputed(payer('openDispute', { reasonCode: 'NOT_AS_SOLD' }), street, contract)];
  const rule = dice.below(2) === 0 ? 'accepted' : 'cancelled';
  return kind < 80 ? forgotten(street, contract, closedByBoth(street, contract, rule)) : [];
}

/** Drafted by the payee, signed by both, funded; any of it may be left halfway, and the clock calls it off. */
function draft(street: ContractStreet): readonly Attempt[] {
  const { dice, tokens, nextKey, purses } = street;
  const kind = (['lessons', 'lessons', 'meter', 'escrow'] as const)[dice.below(4)]!;
  const purse = purses[dice.below(purses.length)]!;
  const total = BigInt(101 + dice.below(300));
  const input = {
    idempotencyKey: nextKey(),
    templateId: PLACE_OF[kind].templateId,
    parameters: [...parametersOf(kind, total), ...moments(dice)],
    parties: partiesOf(street, kind, purse),
  };
  const drafted = ({ id = '', number = '', documentHash }: Answer): Attempt => {
    const contract = { id, number, kind, purse, units: 0, evidence: [] };
    const signing = { contractId: id, documentHash };
    if (dice.below(25) === 0) {
      const off = { idempotencyKey: nextKey(), contractId: id, role: PLACE_OF[kind].payer, reason: '改期' };
      return { act: 'withdrawContract', token: purse.token, input: off };
    }
    const funded = (): Attempt => fund(street, contract, total);
    const bySchool = { ...signing, idempotencyKey: nextKey(), role: PLACE_OF[kind].payee };
    const second: Attempt = { act: 'signContract', token: tokens.bursar, input: bySchool, follow: funded };
    const byPayer = { ...signing, idempotencyKey: nextKey(), role: PLACE_OF[kind].payer };
    return { act: 'signContract', token: purse.token, input: byPayer, follow: () => second };
  };
  return [{ act: 'draftContract', token: tokens.bursar, input, follow: drafted }];
}

function partiesOf({ tokens, purses }: ContractStreet, kind: Kind, purse: Purse): readonly object[] {
  const { payer, payee, third } = PLACE_OF[kind];
  const other = purses.find(({ token }) => token !== purse.token) ?? purse;
  return [
    { role: payer, party: { account: purse.account } },
    { role: payee, party: { organisationId: tokens.schoolId } },
    { role: third, party: { organisationId: tokens.bureauId } },
    ...(kind === 'lessons'
      ? [{ role: 'tutor', party: { account: other.account }, payTo: { walletId: other.walletId } }]
      : []),
  ];
}

/** From the payer's wallet, through the bank, or at the counter; twice at once now and then. */
function fund(
  { dice, tokens, nextKey, contracts }: ContractStreet,
  contract: LiveContract,
  fen: bigint,
): Attempt {
  const { purse, id } = contract;
  const kind = dice.below(10);
  const method =
    kind < 5
      ? { wallet: { walletId: purse.walletId } }
      : kind < 8
        ? { operator: { payerToken: 'payer-0001' } }
        : { cash: { tendered: yuan(fen + 100n) } };
  const input = { idempotencyKey: nextKey(), contractId: id, amount: yuan(fen), method };
  const remembered = (): undefined => {
    if (!contracts.some((one) => one.id === id)) contracts.push(contract);
    if (contracts.length > MOST_ALIVE) contracts.shift();
    return undefined;
  };
  return { act: 'fundContract', token: kind < 8 ? purse.token : tokens.clerk, input, follow: remembered };
}

/** The next unit; now and then other evidence for the last one, or any of it again, word for word, however long ago. */
function attested({ dice, tokens }: ContractStreet, contract: LiveContract): readonly Attempt[] {
  const before = contract.evidence[dice.below(3 * contract.evidence.length + 1)];
  if (before) return [before];
  const again = contract.units > 0 && dice.below(12) === 0;
  if (!again) contract.units += 1;
  const unit = String(contract.units);
  const observedAt = new Date().toISOString();
  const about =
    contract.kind === 'meter'
      ? {
          rule: 'usage',
          schema: 'reading.v1',
          payload: { readingNo: unit, reading: `${contract.units * UNITS_PER_READING}.5` },
        }
      : {
          rule: 'lesson',
          schema: 'lesson.v1',
          payload: { lessonNo: unit, deliveredOn: observedAt.slice(0, 10) },
        };
  const statement = { contractId: contract.number, dedupeKey: unit, observedAt, ...about };
  const signatures = TERMINALS.map((one) => ({ keyId: one.keyId, signature: one.sign(statement) }));
  const input = { contractId: contract.id, statement: JSON.stringify(statement), signatures };
  const attempt: Attempt = { act: 'attestContract', token: tokens.bursar, input };
  contract.evidence.push(attempt);
  return dice.below(6) === 0 ? [attempt, attempt] : [attempt];
}

/** Payer and third party vote as the dice say; where they disagree the deadline decides. */
function disputed(attempt: Attempt, street: ContractStreet, contract: LiveContract): Attempt {
  const { dice, tokens, nextKey } = street;
  const { payer, third } = PLACE_OF[contract.kind];
  const vote = (disputeId: string, role: string, token: string, follow?: Attempt['follow']): Attempt => {
    const outcome = (['RELEASE', 'REFUND', 'THAW'] as const)[
      dice.below(contract.kind === 'lessons' ? 2 : 3)
    ]!;
    const input = { idempotencyKey: nextKey(), contractId: contract.id, role, disputeId, outcome };
    return { act: 'voteOnDispute', token, input, ...(follow && { follow }) };
  };
  return {
    ...attempt,
    follow({ openDispute }) {
      if (!openDispute || dice.below(4) === 0) return undefined;
      const { disputeId } = openDispute;
      return vote(disputeId, payer, contract.purse.token, () => vote(disputeId, third, tokens.bureau));
    },
  };
}

/** A lower price, agreed on by both. */
function amended(street: ContractStreet, contract: LiveContract): readonly Attempt[] {
  const { dice, tokens, nextKey } = street;
  const { id, kind, purse } = contract;
  const { payer, payee } = PLACE_OF[kind];
  const sign = (
    amendment: Answer['openAmendment'],
    role: string,
    token: string,
    follow?: Attempt['follow'],
  ) => {
    if (!amendment) return undefined;
    const input = { idempotencyKey: nextKey(), contractId: id, role, ...amendment };
    return { act: 'signAmendment', token, input, ...(follow && { follow }) } as const;
  };
  const reason = `amendment-${nextKey()}`;
  const parameters = [{ name: 'total', value: { amount: yuan(BigInt(95 + dice.below(200))) } }];
  const input = { idempotencyKey: nextKey(), contractId: id, role: payee, parameters, reason };
  return [
    {
      act: 'proposeAmendment',
      token: tokens.bursar,
      input,
      follow: ({ openAmendment }) =>
        sign(openAmendment, payee, tokens.bursar, () => sign(openAmendment, payer, purse.token)),
    },
  ];
}

function closedByBoth(street: ContractStreet, contract: LiveContract, ruleId: string): readonly Attempt[] {
  const { payee } = PLACE_OF[contract.kind];
  const input = { idempotencyKey: street.nextKey(), contractId: contract.id, role: payee, ruleId };
  return [
    asPayer(street, contract)('approveUnit', { ruleId }),
    { act: 'approveUnit', token: street.tokens.bursar, input },
  ];
}

function asPayer({ nextKey }: ContractStreet, { id, kind, purse }: LiveContract) {
  return (act: Attempt['act'], more: object): Attempt => ({
    act,
    token: purse.token,
    input: { idempotencyKey: nextKey(), contractId: id, role: PLACE_OF[kind].payer, ...more },
  });
}

/** Nobody does anything more with it. */
function forgotten(
  { contracts }: ContractStreet,
  contract: LiveContract,
  last: readonly Attempt[],
): readonly Attempt[] {
  const place = contracts.indexOf(contract);
  if (place >= 0) contracts.splice(place, 1);
  return last;
}
