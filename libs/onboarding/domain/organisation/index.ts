export type * from './messages.js';
export {
  categoryOn,
  organisationDecider,
  type KnownOrganisation,
  type OrganisationState,
} from './decider.js';
