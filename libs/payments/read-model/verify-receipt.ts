import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { OrganisationById, type OrganisationView } from '#libs/onboarding/contract/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import { VerifyReceipt, type ReceiptVerification } from '../contract/index.js';
import type { PaymentsTables, ReceiptRow, StoredLine } from './tables.js';

const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;
/** Longer texts are not looked at: a code is 12 characters and some hyphens. */
const LONGEST = 40;
/** Payers named at most; a receipt has up to 50 bills. */
const MOST_PAYERS = 10;

@QueryHandler(VerifyReceipt)
export class VerifyReceiptHandler implements IQueryHandler<VerifyReceipt> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(QueryBus) private readonly queries: Pick<QueryBus, 'execute'>,
  ) {}

  /** Whatever is asked is looked up, so that the time says no more than the answer. */
  async execute({ code, organisationId }: VerifyReceipt): Promise<ReceiptVerification | undefined> {
    const rows = await this.views
      .database<PaymentsTables>()
      .selectFrom('receipt')
      .selectAll()
      .where('verification_code', '=', codeOf(code))
      .limit(2)
      .execute();
    const fitting = rows.filter(
      (row) => organisationId === undefined || row.organisation_id === organisationId,
    );
    const [row] = fitting;
    // Of 60 bits two are never the same; were they, neither would be proved.
    if (!row || fitting.length > 1) return undefined;
    const organisation = await this.#organisationOf(row);
    return organisation && verificationOf(row, organisation);
  }

  /** Institutions are public; nobody in particular asks. */
  #organisationOf(row: ReceiptRow): Promise<OrganisationView | undefined> {
    const nobody = {
      accountId: 'system:receipt-verification',
      personId: 'system:receipt-verification',
      tenant: asId<'tenant'>(row.tenant),
      roles: [],
    };
    const context = { caller: nobody, correlationId: row.id };
    return this.queries.execute(new OrganisationById(context, asId<'organisation'>(row.organisation_id)));
  }
}

function verificationOf(row: ReceiptRow, { id, nameZh, nameEn }: OrganisationView): ReceiptVerification {
  const lines = JSON.parse(row.lines) as readonly StoredLine[];
  const numbers = new Set(lines.map(({ payerNumber }) => payerNumber));
  return {
    status: row.cancelled_at === null ? 'VALID' : 'CANCELLED',
    number: row.number,
    organisation: { code: id, nameZh, nameEn },
    total: money(row.asset as Asset, row.total_minor),
    issuedAt: row.issued_at as Instant,
    payerNumbers: [...numbers].slice(0, MOST_PAYERS).map(masked),
  };
}

/** `''`, which no receipt has, for what is no code. */
function codeOf(text: string): string {
  const code = text
    .slice(0, LONGEST)
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return CODE.test(code) ? code : '';
}

/** Two characters at each end of longer numbers, one at the end of shorter ones; always five stars between. */
export function masked(number: string): string {
  const signs = [...number];
  if (signs.length < 8) return `*****${signs.length > 3 ? signs.at(-1) : ''}`;
  return `${signs.slice(0, 2).join('')}*****${signs.slice(-2).join('')}`;
}
