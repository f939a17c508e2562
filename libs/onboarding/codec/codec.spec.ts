import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { organisationDecider } from '../domain/organisation/index.js';
import { organisationEvents } from './index.js';

goldenSamples(organisationEvents, {
  fold: (event) => event.type === 'OrganisationRegistered' && fold(organisationDecider, [event]),
});
