import { readdirSync, readFileSync } from 'node:fs';
import type { Commands, Queries } from './own-writes.js';
import type { GraphQLSchema } from 'graphql';
import { type Resolvers, SCALARS, executableSchema } from '#libs/graphql/index.js';
import { approvalsResolvers } from './approvals/resolvers.js';
import { billingResolvers } from './billing/resolvers.js';
import { billingTermsResolvers } from './billing/terms-resolvers.js';
import { campaignResolvers } from './campaigns/resolvers.js';
import { voucherResolvers } from './campaigns/voucher-resolvers.js';
import { casesResolvers } from './cases/resolvers.js';
import type { GatewayContext } from './context.js';
import { contractsResolvers } from './contracts/resolvers.js';
import { contractTemplateResolvers } from './contracts/template-resolvers.js';
import { custodyResolvers } from './custody/resolvers.js';
import { type FaultLog, explainError } from './explain-error.js';
import type { SignedLinks } from './files/signed-links.js';
import { ledgerResolvers } from './ledger/resolvers.js';
import { liveResolvers } from './live/resolvers.js';
import type { LiveSignals } from './live/signals.js';
import { courseResolvers } from './courses/resolvers.js';
import { massRefundResolvers } from './mass-refund/resolvers.js';
import { onboardingResolvers } from './onboarding/resolvers.js';
import { paymentsResolvers } from './payments/resolvers.js';
import { mandateResolvers } from './mandates/resolvers.js';
import { receiptsResolvers } from './receipts/resolvers.js';
import { refundResolvers } from './refunds/resolvers.js';
import { qrResolvers } from './qr/resolvers.js';
import { rejectionResolvers } from './rejections/resolvers.js';
import { tuitionResolvers } from './tuition/resolvers.js';
import { hardWalletsResolvers } from './wallets/hard-wallets.js';
import { walletsResolvers } from './wallets/resolvers.js';

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
    billingTermsResolvers(commands, queries),
    paymentsResolvers(commands, queries, links),
    mandateResolvers(commands, queries),
    refundResolvers(commands, queries),
    qrResolvers(commands, queries, links),
    walletsResolvers(commands, queries),
    hardWalletsResolvers(commands, queries),
    tuitionResolvers(commands, queries, links),
    ledgerResolvers(queries, links),
    custodyResolvers(commands, queries),
    receiptsResolvers(queries, links),
    approvalsResolvers(commands, queries, signals),
    casesResolvers(commands, queries),
    courseResolvers(commands, queries),
    massRefundResolvers(commands, queries, links),
    contractsResolvers(commands, queries, signals),
    contractTemplateResolvers(commands, queries),
    campaignResolvers(commands, queries),
    voucherResolvers(commands, queries),
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
  'Bill.due': 5,
  'Bill.lateFee': 5,
  'PaidBill.bill': 10,
  'Payment.refunds': 20,
  'Import.diff': 100,
  'Import.errors': 20,
  'BillConnection.totals': 100,
  'Case.history': 40,
  'CourseOrder.timetable': 20,
  'Mutation.deliverLessons': 200,
  'Mutation.payBills': 100,
  'Query.previewPayment': 100,
  'Mutation.fundContract': 100,
  'Query.custodyCheck': 100,
  'Mutation.cancelPayment': 100,
  'Mutation.quotePayment': 20,
  'Mutation.payMerchantCode': 100,
  'Mutation.chargePayerCode': 100,
  'PaymentLink.status': 20,
  'Query.paymentLink': 50,
  'Query.trialBalance': 100,
  'Query.accountBalances': 20,
  'Query.accountStatement': 20,
  'Query.myVouchers': 20,
  'Campaign.mySignUp': 5,
  'VoucherTerms.shops': 10,
  'CampaignDraw.signUps': 5,
  'Mutation.sponsorCampaign': 50,
  'Mutation.spendVoucher': 20,
  'ReleaseContract.template': 5,
  'ReleaseContract.timeline': 20,
  'ReleaseContract.units': 20,
  'Mutation.attestContract': 50,
  'Mutation.draftContract': 50,
  'Mutation.publishTemplate': 100,
  'Query.simulateContract': 500,
  'Query.releaseProof': 200,
  'Query.verifyReleaseProof': 500,
  'Query.templateFindings': 100,
};
