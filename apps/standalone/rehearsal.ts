import { BillSteps } from '#libs/billing/application/payment-steps.js';
import { rehearsalStore } from '#libs/event-log/runner/rehearsal-store.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Rehearsal } from '#libs/payments/application/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';

/** Payments are rehearsed with the bills on the same stage; each rehearsal has its own. */
export function rehearsalOver(real: DeciderStore, runtime: Runtime): Rehearsal {
  return () => {
    const store = rehearsalStore(real);
    return { store, bills: new BillSteps(store, runtime) };
  };
}
