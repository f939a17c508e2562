/** Injection tokens of what the gateway itself is made of. */
export const READINESS = Symbol('READINESS');
export const METRICS = Symbol('METRICS');
/** `FileDoor`: links, the file store, receipts. */
export const FILE_DOOR = Symbol('FILE_DOOR');
/** `ServiceFacts`: what the landing page says. */
export const SERVICE_FACTS = Symbol('SERVICE_FACTS');
