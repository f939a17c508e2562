export interface StartOrder {
  /** `noop` acknowledges at once and keeps nothing on disk. */
  readonly store: 'sqlite' | 'noop';
  /** With a fee item each. */
  readonly organisations: number;
}

export interface ProductStarted {
  readonly store: StartOrder['store'];
  readonly port: number;
  readonly dataDir: string;
  /** Of the payer whose wallets are filled. */
  readonly token: string;
}
