/**
 * The log holds an event type that this program does not know: it was written by a newer version, or by a context whose
 * events are not in the catalogue. Whoever reads must stop, because a fact it cannot see may change every later one.
 */
export class UnknownEventType extends Error {
  override readonly name = 'UnknownEventType';
  constructor(
    /** As stored, with the version. */
    readonly storedType: string,
    readonly stream: string,
    readonly revision: number,
  ) {
    super(`Event type ${storedType} (${stream}, revision ${revision}) is not known to this program.`);
  }
}

/** The type is known but the stored content could not be read: damaged, or sealed with another key. */
export class UndecodableEvent extends Error {
  override readonly name = 'UndecodableEvent';
  constructor(
    readonly storedType: string,
    readonly stream: string,
    readonly revision: number,
    cause: unknown,
  ) {
    super(`Event ${stream} revision ${revision} cannot be read as ${storedType}.`, { cause });
  }
}

/** An event about to be stored does not meet its schema: a bug in the encoder, never a user's fault. Nothing was stored. */
export class EventSchemaViolation extends Error {
  override readonly name = 'EventSchemaViolation';
  constructor(
    readonly storedType: string,
    /** JSON pointer into the data and the rule broken; never the value, which may be personal data. */
    readonly violation: string,
  ) {
    super(`${storedType} does not meet its schema: ${violation}`);
  }
}

/** The catalogue cannot be built: a schema is missing or malformed, or two events share a stored name. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
}
