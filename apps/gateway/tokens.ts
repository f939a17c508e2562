/** Injection tokens of what the gateway itself is made of. */
export const SIGNED_LINKS = Symbol('SIGNED_LINKS');
export const READINESS = Symbol('READINESS');
export const METRICS = Symbol('METRICS');
export const RECEIPT_DOCUMENT = Symbol('RECEIPT_DOCUMENT');
/** `ServiceFacts`: what the landing page says. */
export const SERVICE_FACTS = Symbol('SERVICE_FACTS');
