import { readdirSync, readFileSync } from 'node:fs';
import type { Commands, Queries } from './own-writes.js';
import type { GraphQLSchema } from 'graphql';
import { type Resolvers, SCALARS, executableSchema } from '#libs/graphql/index.js';
import { billingResolvers } from './billing/resolvers.js';
import type { GatewayContext } from './context.js';
import { type FaultLog, explainError } from './explain-error.js';
import type { SignedLinks } from './files/signed-links.js';
import { liveResolvers } from './live/resolvers.js';
import type { LiveSignals } from './live/signals.js';
import { onboardingResolvers } from './onboarding/resolvers.js';
import { paymentsResolvers } from './payments/resolvers.js';
import { rejectionResolvers } from './rejections/resolvers.js';
import { tuitionResolvers } from './tuition/resolvers.js';

export interface SchemaParts {
  readonly commands: Commands;
  readonly queries: Queries;
  readonly links: SignedLinks;
  readonly signals: LiveSignals;
  readonly log: FaultLog;
}

/** The SDL files (the snapshot beside them is of all together); the same folder from source and from dist. */
export function sdlDocuments(): readonly string[] {
  const inSource = new URL('../../schemas/graphql/', import.meta.url);
  const folder = import.meta.url.includes('/dist/')
    ? new URL('../../../schemas/graphql/', import.meta.url)
    : inSource;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql') && name !== 'snapshot.graphql')
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

/**
 * The public schema over the contexts. Resolvers are plain functions: Nest's own resolver classes put guards, interceptors
 * and pipes around every field, which more than halved the requests per second.
 */
export function publicSchema({ commands, queries, links, signals, log }: SchemaParts): GraphQLSchema {
  const resolvers: readonly Resolvers[] = [
    onboardingResolvers(commands, queries),
    billingResolvers(commands, queries),
    paymentsResolvers(commands, queries, links),
    tuitionResolvers(commands, queries, links),
    liveResolvers(queries, signals),
    rejectionResolvers(),
  ];
  return executableSchema(sdlDocuments(), resolvers, SCALARS, (fault, context) =>
    explainError(fault, (context as GatewayContext).traceId, log),
  );
}

/** Fields that cost more than an object: each reads the log or asks another context once per item. */
export const FIELD_WEIGHTS: Readonly<Record<string, number>> = {
  'Bill.timeline': 40,
  'Bill.payments': 20,
  'PaidBill.bill': 10,
  'Import.diff': 100,
  'Import.errors': 20,
  'BillConnection.totals': 100,
  'Mutation.payBills': 100,
};
