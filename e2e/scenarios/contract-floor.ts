import {
  type Contract,
  type Signer,
  type Statement,
  amount,
  contractOf,
  evidence,
  fundFromWallet,
  keys,
  onContract,
  signer,
  text,
} from './contract-acts.js';
import { type Person, ShopFloor } from './shop-floor.js';
import { openSchool, walletWith } from './tuition-acts.js';

/** Period of notice: long enough to confirm in, short enough to wait for. */
const NOTICE_SECONDS = 4;
const DAY_MS = 86_400_000;

export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

interface Draft {
  readonly [member: string]: unknown;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly params: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Published {
  readonly __typename: string;
  readonly code?: string;
  readonly findings?: readonly { readonly code: string; readonly path: string }[];
}

/** A school that sells lessons, a bureau that watches over it, and a payer with money. */
export class ContractFloor {
  bd!: Person;
  bursar!: Person;
  payer!: Person;
  bureau!: Person;
  auditor!: Person;
  outsider!: Person;
  school = '';
  bureauId = '';
  wallet = '';
  readonly terminal = signer();
  readonly payersKey = signer();

  private constructor(readonly floor: ShopFloor) {}

  static async open(): Promise<ContractFloor> {
    const at = new ContractFloor(await ShopFloor.open());
    await at.signIn();
    at.school = await openSchool(at.bd, at.bursar, 'school-2');
    at.bureauId = await openSchool(at.bd, at.bureau, 'school-1');
    at.wallet = await walletWith(at.payer, '5000.00');
    await publishTemplate(at.bd, await trialLessons(at.bd));
    return at;
  }

  async signIn(): Promise<void> {
    const person = (name: string) => this.floor.person(name);
    [this.bd, this.bursar, this.payer] = [await person('bd'), await person('bursar'), await person('payer')];
    [this.bureau, this.auditor] = [await person('bursar1'), await person('auditor')];
    this.outsider = await person('payer2');
  }

  /** 24 lessons for ¥240.00. */
  terms() {
    return [
      amount('total', '240.00'),
      text('lessons', '24'),
      text('cooling', `PT${NOTICE_SECONDS}S`),
      text('fundBy', inDays(1)),
      text('endsAt', inDays(90)),
      keys('attKeys', this.terminal),
    ];
  }

  parties(payer = 'payer', payee = 'school', watching = 'bureau') {
    return [
      { role: payer, party: { account: 'demo-payer' } },
      { role: payee, party: { organisationId: this.school } },
      { role: watching, party: { organisationId: this.bureauId } },
    ];
  }

  /** The payer with a key of its own, the school as the account that is signed in. */
  async signedByBoth({ id, number, documentHash }: Contract, role = 'payer'): Promise<Contract> {
    const signature = this.payersKey.sign({ contractId: number, docHash: documentHash, role });
    const key = { publicKey: this.payersKey.publicKey, signature };
    const signing = { idempotencyKey: `sign-${id}`, contractId: id, documentHash };
    await onContract(this.payer, 'signContract', { ...signing, key });
    return onContract(this.bursar, 'signContract', signing);
  }

  /** A course that is drafted, signed and paid for. */
  async running(idempotencyKey: string): Promise<Contract> {
    const input = {
      idempotencyKey,
      templateId: 'trial-lessons',
      parameters: this.terms(),
      parties: this.parties(),
    };
    const contract = await this.signedByBoth(await onContract(this.bursar, 'draftContract', input));
    await this.fund(contract, '240.00');
    return contractOf(this.payer, contract.id);
  }

  /** @throws Error unless the money is in */
  async fund(contract: Contract, sum: string): Promise<void> {
    const paid = await fundFromWallet(this.payer, contract, this.wallet, sum);
    if (paid.status !== 'CAPTURED') throw new Error(JSON.stringify(paid));
  }

  /** The school hands in what its terminal has signed. */
  attest(contract: Contract, statement: Statement, ...by: readonly Signer[]): Promise<Contract> {
    const signers = by.length === 0 ? [this.terminal] : by;
    return onContract(this.bursar, 'attestContract', evidence(contract, statement, ...signers));
  }

  confirm(contract: Contract, lessonNo: number): Promise<Contract> {
    return onContract(this.payer, 'confirmUnit', lessonUnit(contract, lessonNo));
  }
}

export const lessonUnit = ({ id }: Contract, lessonNo: number) => ({
  idempotencyKey: `unit-${id}-${lessonNo}`,
  contractId: id,
  ruleId: 'lesson',
  dedupeKey: String(lessonNo),
});

/** The shipped template under a name of its own, without what a region sets. */
export async function trialLessons(
  bd: Person,
  change: (draft: Draft) => object = (draft) => draft,
): Promise<string> {
  const { document } = await bd.get<{ readonly document: string }>(
    '{ releaseTemplate(templateId: "tuition-per-lesson") { document } }',
  );
  const { params, checks, ...rest } = JSON.parse(document) as Draft & { readonly checks: readonly object[] };
  const { maxTotal: _total, maxLessons: _lessons, cooling, ...own } = params;
  const { from: _from, ...instance } = cooling!;
  const draft = {
    ...rest,
    id: 'trial-lessons',
    params: { ...own, cooling: instance },
    checks: checks.slice(0, 1),
  };
  return JSON.stringify(change(draft));
}

export function publishTemplate(person: Person, document: string): Promise<Published> {
  return person.act<Published>(
    'publishTemplate',
    { document },
    `... on ReleaseTemplate { templateId version hash title parameters { name type regional } }
     ... on TemplateHasFindings { findings { code path } }`,
  );
}
