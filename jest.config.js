import { existsSync } from 'node:fs';

/** Two cores: one worker beside the parent keeps the machine answering; JEST_WORKERS raises it elsewhere. */
const workers = process.env.JEST_WORKERS ?? 2;

export default {
  rootDir: '.',
  roots: ['libs', 'apps', 'e2e', 'infra']
    .filter((folder) => existsSync(new URL(folder, import.meta.url)))
    .map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/e2e/architecture/fixtures/', '/apps/console/'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/e2e/architecture/fixtures/',
    '<rootDir>/infra/toolchain/node/',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  globalSetup: '<rootDir>/infra/toolchain/jest-global-setup.cjs',
  coverageProvider: 'v8',
  maxWorkers: workers,
  watchman: false,
  testTimeout: 20_000,
};
