/** Who may check what, as data. A checker is never the maker's person, whatever the roles. */
export const CHECKING_ROLES = {
  refund: ['supervisor', 'ops'],
  receiptCancel: ['supervisor', 'ops'],
  chequeDishonour: ['supervisor', 'ops'],
  writeOff: ['supervisor', 'ops'],
  walletLimits: ['ops'],
  channelFailureOverride: ['ops'],
  organisationActivation: ['ops'],
  releaseOverride: ['supervisor', 'ops'],
  rateRule: ['supervisor', 'ops'],
  keyRotation: ['ops'],
} as const satisfies Readonly<Record<string, readonly ('supervisor' | 'ops')[]>>;

export type ApprovalKind = keyof typeof CHECKING_ROLES;

export const APPROVAL_KINDS = Object.keys(CHECKING_ROLES) as readonly ApprovalKind[];

/** Whoever asks, as far as it matters here. Without an organisation: staff of the tenant. */
export interface Asker {
  readonly organisation?: string;
  readonly roles: readonly string[];
}

/** Kinds that the asker's roles may check. */
export function checkableKinds({ roles }: Pick<Asker, 'roles'>): readonly ApprovalKind[] {
  return APPROVAL_KINDS.filter((kind) => CHECKING_ROLES[kind].some((role) => roles.includes(role)));
}

/**
 * Whether the asker's place and roles let them check the request; the tenant is compared beside it. Staff of an
 * organisation check what is their organisation's, staff of the tenant (bound to none) everything of the tenant.
 */
export function mayCheck(
  asker: Asker,
  request: { readonly kind: ApprovalKind; readonly organisationId?: string },
): boolean {
  if (asker.organisation !== undefined && asker.organisation !== request.organisationId) return false;
  return CHECKING_ROLES[request.kind].some((role) => asker.roles.includes(role));
}
