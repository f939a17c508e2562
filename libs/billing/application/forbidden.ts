import type { Outcome } from '#libs/kernel/errors/index.js';

export const FORBIDDEN: Outcome<never, { readonly code: 'FORBIDDEN'; readonly message: string }> = {
  accepted: false,
  rejection: { code: 'FORBIDDEN', message: 'The caller may not do this here.' },
};
