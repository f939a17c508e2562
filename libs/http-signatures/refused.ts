/** Why a message is not trusted. Told to our own log and tests; whoever sent it learns no more than that it was refused. */
export type RefusalReason =
  | 'malformed'
  | 'missingComponent'
  | 'unknownKey'
  | 'digest'
  | 'signature'
  | 'expired'
  | 'notYet'
  | 'livesTooLong'
  | 'replayed';

export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused';

  constructor(readonly reason: RefusalReason) {
    super(`The message's signature is refused: ${reason}.`);
  }
}
