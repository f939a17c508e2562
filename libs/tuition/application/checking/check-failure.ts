/** The file as a whole cannot be taken; nothing is wrong with us, so it is not tried again. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  constructor(
    readonly code: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}
