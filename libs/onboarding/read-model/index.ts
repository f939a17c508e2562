import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { OrganisationByIdHandler } from './organisation-by-id.js';
import { organisationsProjection } from './organisations-projection.js';

/** The read side of onboarding. Needs `VIEWS`. */
export const onboardingQueries: readonly Provider[] = [OrganisationByIdHandler];

/** `organisations`: streams `organisation-`. */
export const onboardingProjections: readonly Projection[] = [organisationsProjection];
