import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type {
  MerchantCategory,
  OrganisationCommand,
  OrganisationContent,
  OrganisationEvent,
  OrganisationRefusal,
  RegisterOrganisation,
  SetCategory,
} from './messages.js';

export type KnownOrganisation = OrganisationContent & {
  readonly status: 'registered';
  /** By day, earliest first; absent while none was ever set. */
  readonly categories?: readonly MerchantCategory[];
};

export type OrganisationState = { readonly status: 'absent' } | KnownOrganisation;

type OrganisationDecision = Decision<OrganisationEvent, OrganisationRefusal>;

/** An institution that collects money. */
export const organisationDecider: Decider<
  OrganisationCommand,
  OrganisationState,
  OrganisationEvent,
  OrganisationRefusal
> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'register':
        return register(command, state);
      case 'setCategory':
        return setCategory(command, state);
      default:
        return assertNever(command, 'organisation command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'OrganisationRegistered': {
        if (state.status !== 'absent')
          throw new ImpossibleHistoryError('An organisation is registered once.');
        const { registeredAt: _registeredAt, ...organisation } = event.data;
        return { status: 'registered', ...organisation };
      }
      case 'MerchantCategorySet': {
        if (state.status === 'absent') throw new ImpossibleHistoryError('A category of no organisation.');
        const { mcc, from } = event.data;
        const others = (state.categories ?? []).filter((category) => category.from !== from);
        const categories = [...others, { mcc, from }].sort((a, b) => (a.from < b.from ? -1 : 1));
        return { ...state, categories };
      }
      default:
        return assertNever(event, 'organisation event');
    }
  },
};

/** What is in effect on a day. */
export function categoryOn({ categories = [] }: KnownOrganisation, day: LocalDate): string | undefined {
  return categories.findLast(({ from }) => from <= day)?.mcc;
}

function register(
  { organisation, at }: RegisterOrganisation,
  state: OrganisationState,
): OrganisationDecision {
  if (state.status === 'absent') {
    return accept({ type: 'OrganisationRegistered', data: { ...organisation, registeredAt: at } });
  }
  if (same(organisation, state)) return accept();
  return reject({ code: 'ORGANISATION_EXISTS', message: 'The id belongs to another organisation.' });
}

function setCategory({ tenant, mcc, from, at }: SetCategory, state: OrganisationState): OrganisationDecision {
  if (state.status === 'absent' || state.tenant !== tenant)
    return reject({ code: 'ORGANISATION_NOT_FOUND', message: 'There is no such organisation.' });
  const { organisationId } = state;
  const set = state.categories?.some((category) => category.from === from && category.mcc === mcc);
  if (set) return accept();
  return accept({ type: 'MerchantCategorySet', data: { organisationId, mcc, from, setAt: at } });
}

function same(given: OrganisationContent, known: OrganisationContent): boolean {
  return (
    given.tenant === known.tenant &&
    given.nameZh === known.nameZh &&
    given.nameEn === known.nameEn &&
    given.kind === known.kind
  );
}
