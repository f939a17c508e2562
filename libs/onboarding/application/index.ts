import type { Provider } from '@nestjs/common';
import { RegisterOrganisationHandler } from './register-organisation.js';

/** The write side of onboarding. Needs `DECIDER_STORE` and `RUNTIME`. */
export const onboardingApplication: readonly Provider[] = [RegisterOrganisationHandler];
