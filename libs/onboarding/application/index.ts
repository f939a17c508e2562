import type { Provider } from '@nestjs/common';
import { MERCHANTS } from '../contract/index.js';
import { MerchantRegister } from './merchant-register.js';
import { RegisterOrganisationHandler } from './register-organisation.js';
import { SetMerchantCategoryHandler } from './set-merchant-category.js';

/** The write side of onboarding. Needs `DECIDER_STORE` and `RUNTIME`; offers `MERCHANTS`. */
export const onboardingApplication: readonly Provider[] = [
  RegisterOrganisationHandler,
  SetMerchantCategoryHandler,
  MerchantRegister,
  { provide: MERCHANTS, useExisting: MerchantRegister },
];
