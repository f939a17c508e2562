import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type {
  OrganisationContent,
  OrganisationEvent,
  OrganisationRefusal,
  RegisterOrganisation,
} from './messages.js';

export type OrganisationState =
  { readonly status: 'absent' } | ({ readonly status: 'registered' } & OrganisationContent);

/** An institution that collects money. */
export const organisationDecider: Decider<
  RegisterOrganisation,
  OrganisationState,
  OrganisationEvent,
  OrganisationRefusal
> = {
  initial: { status: 'absent' },
  decide({ organisation, at }, state) {
    if (state.status === 'absent') {
      return accept({ type: 'OrganisationRegistered', data: { ...organisation, registeredAt: at } });
    }
    if (same(organisation, state)) return accept();
    return reject({ code: 'ORGANISATION_EXISTS', message: 'The id belongs to another organisation.' });
  },
  evolve(state, event) {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('An organisation is registered once.');
    const { registeredAt: _registeredAt, ...organisation } = event.data;
    return { status: 'registered', ...organisation };
  },
};

function same(given: OrganisationContent, known: OrganisationContent): boolean {
  return (
    given.tenant === known.tenant &&
    given.nameZh === known.nameZh &&
    given.nameEn === known.nameEn &&
    given.kind === known.kind
  );
}
