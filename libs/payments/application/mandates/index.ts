import type { Provider } from '@nestjs/common';
import { GiveMandateHandler } from './give-mandate.js';
import { MANDATE_PARTS_PROVIDER, MandateCollector } from './mandate-collector.js';
import { RevokeMandateHandler } from './revoke-mandate.js';

export { MandateCollector };

/** Paying by standing consent. Needs `DUE_MANDATES`, billing's `OPEN_BILLS` and the payment desk. */
export const mandateApplication: readonly Provider[] = [
  MANDATE_PARTS_PROVIDER,
  MandateCollector,
  GiveMandateHandler,
  RevokeMandateHandler,
];
