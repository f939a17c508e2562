/**
 * Injection tokens of the ports. A composition root (`apps/*`) binds each to an adapter; handlers ask for them by
 * `@Inject(TOKEN)`. The type beside each token is what must be bound.
 */

/** `Runtime` of libs/runtime/port: clock, rng, ids, timers. */
export const RUNTIME = Symbol('RUNTIME');
/** `EventLog` of libs/event-log/port. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** `DeciderStore` of libs/event-log/runner. */
export const DECIDER_STORE = Symbol('DECIDER_STORE');
/** `Consumers` of libs/event-log/consumers. */
export const CONSUMERS = Symbol('CONSUMERS');
/** `Views` of libs/views/port. */
export const VIEWS = Symbol('VIEWS');
/** `SubjectKeys` of libs/security/port. */
export const SUBJECT_KEYS = Symbol('SUBJECT_KEYS');
/** `MessageSeals` of libs/security/port. */
export const MESSAGE_SEALS = Symbol('MESSAGE_SEALS');
/** `Cache` of libs/cache/port. @public */
export const CACHE = Symbol('CACHE');
/** `Bus` of libs/messaging/port: integration events. @public */
export const BUS = Symbol('BUS');
/** `FileStore` of libs/files/port. */
export const FILE_STORE = Symbol('FILE_STORE');
/** `SpreadsheetReader` of libs/spreadsheet/port. */
export const SPREADSHEET_READER = Symbol('SPREADSHEET_READER');
/** `SpreadsheetWriter` of libs/spreadsheet/port. */
export const SPREADSHEET_WRITER = Symbol('SPREADSHEET_WRITER');
/** `boolean`: whether wallets may be topped up with demo money. False in production. */
export const DEMO_MONEY = Symbol('DEMO_MONEY');
/** `IdentityCheck` of libs/security/port. */
export const IDENTITY_CHECK = Symbol('IDENTITY_CHECK');
/** `SignatureVerifier` of libs/signatures/port. */
export const SIGNATURE_VERIFIER = Symbol('SIGNATURE_VERIFIER');
/** `AttestorKeyring` of libs/security/port. */
export const ATTESTOR_KEYRING = Symbol('ATTESTOR_KEYRING');
/** `Employment` of libs/security/port. */
export const EMPLOYMENT = Symbol('EMPLOYMENT');
