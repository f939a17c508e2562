export type * from './messages.js';
export { organisationDecider, type OrganisationState } from './decider.js';
