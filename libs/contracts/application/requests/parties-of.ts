import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { AccountPath } from '#libs/kernel/money/index.js';
import type { Party } from '../../contract/release-contracts.js';
import type { DraftParty } from '../../contract/requests.js';

const MOST_PARTIES = 32;
const ROLE = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
/** What an account path can hold. */
const UNIT = /^[A-Za-z0-9._-]{1,80}$/;
/** As issuers name accounts; far below what an event may hold. */
const ACCOUNT = /^[\x21-\x7e]{1,128}$/;

/**
 * Who fills which role, and where that party's money goes: an organisation's to what it is owed or, for a treasury and the bank's
 * own fees, where these are kept; a person's to a wallet or, of who funds the contract, back the way it came. A person whom the
 * contract pays and who has named no wallet is refused when it is drafted, where it is known who is paid.
 *
 * @throws InvalidInputError `INVALID_PARTIES`
 */
export function partiesOf(given: readonly DraftParty[]): readonly Party[] {
  const roles = new Set(given.map(({ role }) => role));
  if (roles.size < given.length) throw invalid('Every role is filled once.');
  if (given.length > MOST_PARTIES) throw invalid(`A contract has at most ${MOST_PARTIES} parties.`);
  return given.map(partyOf);
}

function partyOf(given: DraftParty): Party {
  const { role, payTo } = given;
  if (!ROLE.test(role)) throw invalid('A role is named as in the template.');
  if ('organisationId' in given) {
    const { organisationId: partyId } = given;
    return { role, partyId, kind: 'organisation', payTo: ofOrganisation(partyId, payTo) };
  }
  if (!ACCOUNT.test(given.account)) throw invalid('An account is named by its id.');
  return { role, partyId: given.account, kind: 'account', payTo: ofPerson(payTo) };
}

function ofOrganisation(id: string, payTo: DraftParty['payTo']): AccountPath {
  if (payTo === undefined) return `org:${id}:payable`;
  if ('bankFees' in payTo) return 'bank:fees';
  if (!('treasury' in payTo)) throw invalid('A wallet is a person’s.');
  if (!UNIT.test(payTo.treasury)) throw invalid('A unit of the treasury is letters, digits, dots or dashes.');
  return `treasury:${payTo.treasury}`;
}

function ofPerson(payTo: DraftParty['payTo']): AccountPath | null {
  if (payTo === undefined) return null;
  if (!('walletId' in payTo) || !isUuid(payTo.walletId)) {
    throw invalid('A person is paid into a wallet.');
  }
  return `wallet:${payTo.walletId}`;
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_PARTIES', message, ['input', 'parties']);
}
