'use strict';
// apps → application → domain → kernel. Each rule here has a planted violation in
// e2e/architecture/fixtures that must be caught; a new rule needs a new one.

const contexts = [
  'billing',
  'tuition',
  'provident-fund',
  'tax',
  'utilities',
  'payments',
  'contracts',
  'settlement',
  'onboarding',
  'notifications',
  'ledger',
  'approvals',
  'cases',
  'campaigns',
].join('|');

const spec = '\\.spec\\.ts$';
const port = '^libs/[^/]+/port/';
// What of the event log is not tied to one store.
const eventLogCore = '^libs/event-log/(?:codec|runner|consumers)/';
const anyContract = `^libs/(?:${contexts})/contract/`;
const adapters =
  '^libs/(?:event-log/(?:sqlite|eventstoredb)|views/(?:sqlite|postgres)|cache/(?:memory|redis)' +
  '|messaging/(?:memory|kafka)|security/adapters|channels/adapters|signatures/adapters|runtime/system|observability' +
  '|files/disk|documents/(?:pdf|slip)|spreadsheet/adapters)/';

// The first group is the context; `$1` in `to` is the same one.
const layer = (name) => ({ path: `^libs/(${contexts})/${name}/`, pathNot: spec });
const own = (layers) => `^libs/$1/(?:${layers})/`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layers = [
  rule(
    'kernel-imports-nothing',
    'The kernel stands alone: no package, no node: module, no other folder.',
    { path: '^libs/kernel/', pathNot: spec },
    { pathNot: '^libs/kernel/' },
  ),
  rule(
    'qr-is-pure',
    'Reading and writing codes is arithmetic: whoever needs it may have it, so it needs nobody.',
    { path: '^libs/qr/', pathNot: spec },
    { pathNot: ['^libs/qr/', '^libs/kernel/'] },
  ),
  rule(
    'canonical-json-is-pure',
    'Canonical texts and their hashes are arithmetic: whoever needs them may have them, so they need nobody.',
    { path: '^libs/signatures/canonical/', pathNot: spec },
    { path: '^(?:libs|apps|e2e)/', pathNot: ['^libs/signatures/canonical/', '^libs/kernel/'] },
  ),
  rule(
    'domain-is-pure',
    'A domain imports its own domain and the kernel, nothing else: not even a package or a node: module.',
    layer('domain'),
    { pathNot: [own('domain'), '^libs/kernel/'] },
  ),
  rule(
    'codec-knows-the-domain-only',
    'A codec turns stored JSON into domain events; it knows no use case and no query.',
    layer('codec'),
    {
      path: '^(?:libs|apps|e2e)/',
      pathNot: [own('codec|domain|contract'), '^libs/kernel/', port, eventLogCore],
    },
  ),
  rule(
    'application-uses-ports',
    'A use case knows its domain, codec and contracts, and the outside only through ports.',
    layer('application'),
    {
      path: '^libs/',
      pathNot: [
        own('application|domain|codec|read-model'),
        anyContract,
        '^libs/kernel/',
        port,
        eventLogCore,
        '^libs/security/privacy/',
        '^libs/qr/',
        '^libs/signatures/canonical/',
        adapters,
        `^libs/(?:${contexts})/`,
      ],
    },
  ),
  rule(
    'application-without-read-model',
    'Deciding from a view would decide on stale facts; the stream is the truth.',
    layer('application'),
    { path: own('read-model') },
  ),
  rule(
    'read-model-without-application',
    'Projections and queries follow events; they start nothing.',
    layer('read-model'),
    { path: own('application') },
  ),
  rule(
    'contract-shows-no-inside',
    'What other contexts see must not drag the inside along.',
    layer('contract'),
    {
      path: '^(?:libs|apps|e2e)/',
      // Ids that callers may derive themselves (`billIdFor`) are part of a contract.
      pathNot: [
        own('contract|domain'),
        '^libs/kernel/',
        anyContract,
        port,
        '^libs/event-log/codec/derive-uuid\\.ts$',
      ],
    },
  ),
];

const borders = [
  rule(
    'context-only-through-contract',
    'Context A reaches context B only through libs/B/contract.',
    { path: `^libs/(${contexts})/` },
    { path: `^libs/(?:${contexts})/`, pathNot: ['^libs/$1/', anyContract] },
  ),
  rule(
    'libs-never-import-apps',
    'Composition roots are the top.',
    { path: '^libs/' },
    { path: '^(?:apps|e2e|infra)/' },
  ),
  rule(
    'adapters-only-from-composition-roots',
    'Only apps, e2e, testing and specs choose an adapter; an adapter may use its own files.',
    { path: '^libs/([^/]+/[^/]+)', pathNot: [spec, '^libs/testing/'] },
    { path: adapters, pathNot: ['^libs/$1/', '^libs/observability/'] },
  ),
  rule(
    'observability-only-from-composition-roots',
    'What is observed reports through a port.',
    { path: '^libs/', pathNot: [spec, '^libs/(?:testing|observability)/'] },
    { path: '^libs/observability/' },
  ),
  rule(
    'port-imports-no-implementation',
    'A port is a promise: other ports, contracts and the kernel are all it may mention.',
    { path: port, pathNot: spec },
    { path: '^(?:libs|apps|e2e)/', pathNot: [port, anyContract, '^libs/kernel/'] },
  ),
  rule(
    'testing-only-from-tests',
    'Test helpers must not reach a running service.',
    { path: '^(?:libs|apps)/', pathNot: [spec, '^libs/testing/'] },
    { path: '^libs/testing/' },
  ),
];

const hygiene = [
  rule('no-cycles', 'A cycle is one module in several files.', {}, { circular: true }),
  rule('no-import-of-specs', 'A spec is run, not imported.', {}, { path: spec }),
  rule(
    'no-dev-dependency-in-production',
    'It would be missing after `npm ci --omit=dev`.',
    { path: '^(?:libs|apps)/', pathNot: [spec, '^libs/testing/', '^apps/console/'] },
    { dependencyTypes: ['npm-dev'] },
  ),
  rule('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
];

module.exports = {
  forbidden: [...layers, ...borders, ...hygiene],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // a type-only import couples just as well
    doNotFollow: { path: 'node_modules' },
    // Packages stay in: a rule about them could not fail otherwise.
    exclude: { path: '^(?:dist|e2e/architecture/fixtures|apps/console|infra/toolchain/node)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
