/** Something that keeps a template from being published. */
export interface LintFinding {
  readonly code: FindingCode;
  /** JSON pointer (RFC 6901) into the document. */
  readonly path: string;
  /** What is wrong and what would be right, in English. */
  readonly message: string;
}

export type FindingCode =
  /** Not YAML or JSON, too large, or with anchors, aliases or tags. */
  | 'UNREADABLE'
  /** Does not meet schemas/contracts/contract-template.v1.json. */
  | 'SCHEMA'
  | 'UNKNOWN_PARAMETER'
  | 'WRONG_PARAMETER_TYPE'
  | 'UNUSED_PARAMETER'
  | 'INVALID_LITERAL'
  | 'INVALID_BOUNDS'
  | 'UNKNOWN_ROLE'
  | 'UNUSED_ROLE'
  /** Somebody must be there for the role, and it is optional. */
  | 'OPTIONAL_ROLE_NEEDED'
  | 'NOBODY_SIGNS'
  /** The money of the role that pays moves by terms it has not signed. */
  | 'FUNDER_DOES_NOT_SIGN'
  | 'UNKNOWN_ATTESTOR'
  | 'UNUSED_ATTESTOR'
  | 'UNKNOWN_EVIDENCE_SCHEMA'
  /** A pointer to something that the evidence schema does not have or does not require. */
  | 'UNKNOWN_EVIDENCE_FIELD'
  /** Nobody but payees makes the rule fire, and there is no period of notice. */
  | 'PAYEE_DECIDES_ALONE'
  | 'PAYEE_RESOLVES_DISPUTES'
  | 'DUPLICATE_RULE'
  | 'INVALID_SHARES'
  | 'K_TOO_LARGE'
  /** The amount needs something that the condition does not bring, or the other way round. */
  | 'AMOUNT_DOES_NOT_FIT'
  | 'REFUND_NOT_TO_FUNDER'
  | 'RULE_NEVER_FIRES'
  | 'TOO_COMPLEX'
  | 'CLAIM_WITHOUT_CAP'
  | 'REMAINING_NOT_FINAL'
  | 'REMAINING_WITH_COOLING'
  | 'FINAL_NOT_REMAINING'
  | 'CONFIRMATION_WITHOUT_COOLING'
  | 'PAYEE_CONFIRMS'
  /** Neither literals nor `checks` show that the end comes after it. */
  | 'END_NOT_AFTER'
  /** Neither literals nor `checks` show that min ≤ max. */
  | 'FUNDING_BOUNDS'
  | 'DISPUTE_TIMEOUT';
