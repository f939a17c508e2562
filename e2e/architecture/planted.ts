/** Fixture → the rule that must catch it. A fixture is a folder under fixtures/<check>/. */
type Planted = Readonly<Record<string, string>>;

/** Each fixture has files of its own, so all of one check are planted and looked at together. */
export const PLANTED_TOGETHER: Readonly<Record<string, Planted>> = {
  code: {
    'date-now': 'ambient-access',
    'date-now-by-key': 'ambient-access',
    'date-now-destructured': 'ambient-access',
    'new-date': 'ambient-access',
    'date-called': 'ambient-access',
    'math-random': 'ambient-access',
    'set-timeout': 'ambient-access',
    'set-timeout-of-global-this': 'ambient-access',
    'timers-aliased': 'ambient-access',
    'set-interval': 'ambient-access',
    'set-immediate': 'ambient-access',
    'abort-after-time': 'ambient-access',
    'process-env': 'ambient-access',
    'process-imported': 'ambient-access',
    fetch: 'ambient-access',
    'performance-now': 'ambient-access',
    'crypto-random-uuid': 'ambient-access',
    'crypto-random-bytes': 'ambient-access',
    'floating-promise': 'floating-promise',
    'floating-in-for-each': 'floating-promise',
    'switch-without-member': 'exhaustive-switch',
    'switch-with-silent-default': 'exhaustive-switch',
    'type-error': 'TS2322',
  },
  lint: {
    any: 'typescript(no-explicit-any)',
    'five-parameters': 'eslint(max-params)',
    'long-function': 'eslint(max-lines-per-function)',
    'long-file': 'eslint(max-lines)',
    only: 'jest(no-focused-tests)',
    'loose-equality': 'eslint(eqeqeq)',
    'ts-ignore': 'typescript(ban-ts-comment)',
  },
  format: { untidy: 'prettier' },
  boundaries: {
    'kernel-imports-nothing': 'kernel-imports-nothing',
    'qr-is-pure': 'qr-is-pure',
    'canonical-json-is-pure': 'canonical-json-is-pure',
    'domain-is-pure': 'domain-is-pure',
    'domain-is-pure-of-node': 'domain-is-pure',
    'domain-is-pure-of-ports': 'domain-is-pure',
    'codec-knows-the-domain-only': 'codec-knows-the-domain-only',
    'application-uses-ports': 'application-uses-ports',
    'application-without-read-model': 'application-without-read-model',
    'read-model-without-application': 'read-model-without-application',
    'contract-shows-no-inside': 'contract-shows-no-inside',
    'context-only-through-contract': 'context-only-through-contract',
    'libs-never-import-apps': 'libs-never-import-apps',
    'adapters-only-from-composition-roots': 'adapters-only-from-composition-roots',
    'adapter-not-from-adapter': 'adapters-only-from-composition-roots',
    'signature-adapter-not-from-application': 'adapters-only-from-composition-roots',
    'observability-only-from-composition-roots': 'observability-only-from-composition-roots',
    'port-imports-no-implementation': 'port-imports-no-implementation',
    'testing-only-from-tests': 'testing-only-from-tests',
    'no-cycles': 'no-cycles',
    'no-import-of-specs': 'no-import-of-specs',
    'no-dev-dependency-in-production': 'no-dev-dependency-in-production',
    resolvable: 'resolvable',
  },
};

interface PlantedAlone {
  readonly check: string;
  readonly fixture?: string;
  /** Files of the clean tree that are taken away. */
  readonly without?: readonly string[];
  /** All rules that must speak, sorted. */
  readonly rules: readonly string[];
}

const SNAPSHOT = 'schemas/graphql/snapshot.graphql';

/** These judge a whole (a schema, a pair of files, a list), so each is planted alone. */
export const PLANTED_ALONE: readonly PlantedAlone[] = [
  {
    check: 'graphql-schema',
    fixture: 'field-removed',
    rules: ['schema-breaking-change', 'schema-differs-from-snapshot'],
  },
  {
    check: 'graphql-schema',
    fixture: 'enum-value-added',
    rules: ['schema-dangerous-change', 'schema-differs-from-snapshot'],
  },
  { check: 'graphql-schema', fixture: 'field-added', rules: ['schema-differs-from-snapshot'] },
  { check: 'graphql-schema', fixture: 'unknown-type', rules: ['schema-invalid'] },
  { check: 'graphql-schema', without: [SNAPSHOT], rules: ['schema-without-snapshot'] },
  { check: 'graphql-schema', without: ['schemas/graphql/bills.graphql'], rules: ['schema-removed'] },
  { check: 'event-schemas', fixture: 'changed', rules: ['event-schema-changed'] },
  { check: 'event-schemas', fixture: 'not-listed', rules: ['event-schema-not-listed'] },
  { check: 'event-schemas', fixture: 'unreadable', rules: ['event-schema-unreadable'] },
  {
    check: 'event-schemas',
    without: ['schemas/events/billing/BillPaid.v1.json'],
    rules: ['event-schema-removed'],
  },
  {
    check: 'event-schemas',
    without: ['schemas/events/schemas.lock.json'],
    rules: ['event-schema-not-listed'],
  },
  { check: 'translations', fixture: 'key-missing', rules: ['translation-key-missing'] },
  { check: 'translations', fixture: 'empty', rules: ['translation-empty'] },
  { check: 'translations', fixture: 'placeholder', rules: ['translation-placeholders-differ'] },
  { check: 'translations', fixture: 'file-missing', rules: ['translation-file-missing'] },
  { check: 'unused', fixture: 'export', rules: ['unused/exports'] },
  { check: 'unused', fixture: 'file', rules: ['unused/files'] },
  { check: 'unused', fixture: 'unlisted-package', rules: ['unused/unlisted'] },
  { check: 'unused', fixture: 'dependency', rules: ['unused/dependencies'] },
  { check: 'licences', fixture: 'copyleft', rules: ['licence'] },
];
