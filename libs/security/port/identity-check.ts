/** What a person says of themselves. */
export interface ClaimedIdentity {
  readonly name: string;
  /** Resident identity number, 18 characters (GB 11643). */
  readonly number: string;
}

export type IdentityAnswer =
  | { readonly confirmed: true }
  /**
   * `malformed`: no such number can exist; `checkDigit`: its last digit does not fit the others; `unknown`: nobody here can say
   * that it belongs to the name.
   */
  | { readonly confirmed: false; readonly reason: 'malformed' | 'checkDigit' | 'unknown' };

/** Whether a name and an identity number belong together: a register outside, or the demo's stand-in. */
export interface IdentityCheck {
  /** @throws Error when the register cannot be asked */
  check(claimed: ClaimedIdentity): Promise<IdentityAnswer>;
}
