import { globalId } from '#libs/graphql/index.js';
import { CONTRACT_MUTATIONS, CONTRACT_QUERIES } from './contract-operations.js';
import { COURSE_MUTATIONS, COURSE_QUERIES } from './course-operations.js';

/** Ids of one organisation's things, as a client knows them. */
export interface Things {
  readonly organisation: string;
  readonly feeItem: string;
  readonly bill: string;
  readonly openBill: string;
  readonly import: string;
  readonly student: string;
  readonly payment: string;
  readonly receipt: string;
  readonly wallet: string;
  readonly upload: string;
  readonly approval: string;
  readonly contract: string;
  readonly course: string;
  /** Not paid for yet. */
  readonly courseOrder: string;
  readonly case: string;
  /** A draft. */
  readonly campaign: string;
  readonly merchantCode: string;
  readonly paymentLink: string;
  readonly refund: string;
  readonly mandate: string;
  readonly subWallet: string;
  readonly payerNumber: string;
  readonly payerName: string;
  readonly code: string;
}

const money = { amount: '1.00' };
const NO_UUID = '00000000-0000-8000-8000-000000000000';
const UNKNOWN_VOUCHER = globalId('Voucher', NO_UUID);
const UNKNOWN_TRANSFER = globalId('Transfer', NO_UUID);
const UNKNOWN_SUB_WALLET = globalId('SubWallet', NO_UUID);
const UNKNOWN_HARD_WALLET = globalId('HardWallet', NO_UUID);
const key = (): string => `key-${Math.random()}`;

/** How to ask each operation about somebody's things; an operation of the schema that is missing here fails the test. */
export const QUERIES: Readonly<Record<string, (of: Things) => object>> = {
  me: () => ({}),
  organisation: ({ organisation }) => ({ id: organisation }),
  feeItems: ({ organisation }) => ({ organisationId: organisation }),
  bills: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  bill: ({ bill }) => ({ id: bill }),
  billingTerms: ({ organisation }) => ({ organisationId: organisation }),
  billsToPay: ({ organisation, payerNumber, payerName }) => ({
    input: { organisationId: organisation, payerNumber, payerName },
  }),
  imports: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  import: (of) => ({ id: of.import }),
  students: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  wallets: () => ({}),
  walletInstitutions: () => ({}),
  walletTierLimits: () => ({}),
  walletPrecheck: ({ wallet }) => ({ walletId: wallet, amount: money }),
  subWallets: ({ wallet }) => ({ walletId: wallet }),
  pushedSubWallets: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  transfers: () => ({ first: 5 }),
  transfer: () => ({ id: UNKNOWN_TRANSFER }),
  collection: () => ({ content: 'x' }),
  hardWallets: () => ({}),
  payment: ({ payment }) => ({ id: payment }),
  receipt: ({ receipt }) => ({ id: receipt }),
  trialBalance: () => ({}),
  accountBalances: ({ code }) => ({ prefix: `org:${code}:`, first: 5 }),
  accountStatement: ({ code }) => ({ account: `org:${code}:payable`, first: 5 }),
  verifyReceipt: ({ code }) => ({ organisationCode: code, code: '0'.repeat(12) }),
  openPayments: () => ({}),
  payments: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  advances: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  previewPayment: (of) => ({ input: MUTATIONS['payBills']?.(of) }),
  merchantCodes: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  merchantCode: ({ merchantCode }) => ({ id: merchantCode }),
  paymentLinks: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  // Whoever holds a genuine code may read it: that is what it is for.
  readMerchantCode: () => ({ content: 'x' }),
  paymentLink: () => ({ code: '0'.repeat(25) }),
  ...CONTRACT_QUERIES,
  ...COURSE_QUERIES,
  approvals: () => ({ first: 5 }),
  approval: ({ approval }) => ({ id: approval }),
  cases: () => ({ first: 5 }),
  case: (of) => ({ id: of.case }),
  refund: ({ refund }) => ({ id: refund }),
  refunds: ({ organisation }) => ({ filter: { organisationId: organisation }, first: 5 }),
  mandate: ({ mandate }) => ({ id: mandate }),
  mandates: () => ({ first: 5 }),
  campaigns: ({ organisation }) => ({ filter: { organisationId: organisation }, first: 5 }),
  campaign: ({ campaign }) => ({ id: campaign }),
  campaignDraw: ({ campaign }) => ({ campaignId: campaign }),
  myVouchers: () => ({ first: 5 }),
  voucher: () => ({ id: UNKNOWN_VOUCHER }),
  vouchersTaken: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
};

export const MUTATIONS: Readonly<Record<string, (of: Things) => object>> = {
  registerOrganisation: ({ code }) => ({ code, nameZh: '改名', nameEn: 'Renamed' }),
  defineFeeItem: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    code: `X${Math.random()}`,
    name: 'x',
    category: 'x',
    glCode: '1',
  }),
  createUpload: ({ organisation }) => ({ organisationId: organisation, fileName: 'x.csv' }),
  startImport: ({ upload }) => ({ idempotencyKey: key(), uploadId: upload }),
  issueBills: (of) => ({ idempotencyKey: key(), importId: of.import }),
  cancelImport: (of) => ({ importId: of.import }),
  cancelBill: ({ openBill }) => ({ idempotencyKey: key(), billId: openBill, reason: 'x' }),
  setBillingTerms: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    effectiveFrom: '2099-01-01',
    terms: {},
  }),
  adjustBill: ({ openBill }) => ({
    idempotencyKey: key(),
    billId: openBill,
    note: 'CREDIT',
    amount: money,
    reason: 'x',
  }),
  writeOffBill: ({ openBill }) => ({ idempotencyKey: key(), billId: openBill, reason: 'x' }),
  // The sum is right: nothing but the caller may be what it is refused for.
  payBills: ({ openBill, wallet }) => ({
    idempotencyKey: key(),
    bills: [{ billId: openBill }],
    expectedTotal: { amount: '1200.00' },
    method: { wallet: { walletId: wallet } },
  }),
  cancelPayment: ({ payment }) => ({ idempotencyKey: key(), paymentId: payment }),
  quotePayment: ({ openBill }) => ({
    idempotencyKey: key(),
    bills: [{ billId: openBill }],
    channel: 'WALLET',
  }),
  openWallet: () => ({ idempotencyKey: key() }),
  topUpWallet: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, amount: money }),
  upgradeWallet: ({ wallet }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    tier: 'III',
    identityName: 'x',
    identityNumber: '999999201001010017',
  }),
  freezeWallet: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, reason: 'x' }),
  thawWallet: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, reason: 'x' }),
  setTierLimits: () => ({ idempotencyKey: key(), tier: 'IV', from: '2999-01-01', reason: 'x' }),
  pushSubWallet: ({ wallet, organisation }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    organisationId: organisation,
    single: money,
    day: money,
  }),
  relimitSubWallet: ({ wallet }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    subWalletId: UNKNOWN_SUB_WALLET,
    single: money,
    day: money,
  }),
  closeSubWallet: ({ wallet }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    subWalletId: UNKNOWN_SUB_WALLET,
  }),
  topUpFromBank: ({ wallet }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    amount: money,
    bankAccount: 'x',
  }),
  withdrawFromWallet: ({ wallet }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    amount: money,
    bankAccount: 'x',
  }),
  requestCollection: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, amount: money }),
  confirmCollection: ({ wallet }) => ({
    idempotencyKey: key(),
    content: 'x',
    walletId: wallet,
    expectedAmount: money,
  }),
  issueHardWallet: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, publicKey: 'A'.repeat(43) }),
  loadHardWallet: () => ({
    idempotencyKey: key(),
    hardWalletId: UNKNOWN_HARD_WALLET,
    amount: money,
    counter: 0,
  }),
  syncOfflinePayments: () => ({ idempotencyKey: key(), tokens: [] }),
  eraseStudentData: ({ student }) => ({ studentId: student }),
  issueMerchantCode: ({ openBill }) => ({ idempotencyKey: key(), asks: { billIds: [openBill] } }),
  withdrawMerchantCode: ({ merchantCode }) => ({ codeId: merchantCode, reason: 'x' }),
  payMerchantCode: ({ wallet }) => ({
    idempotencyKey: key(),
    content: 'x',
    expectedTotal: money,
    method: { wallet: { walletId: wallet } },
  }),
  showPayerCode: ({ wallet }) => ({ walletId: wallet }),
  chargePayerCode: ({ openBill }) => ({
    idempotencyKey: key(),
    code: '01000000000000000000',
    bills: [{ billId: openBill }],
    expectedTotal: { amount: '1200.00' },
  }),
  createPaymentLink: ({ openBill }) => ({
    idempotencyKey: key(),
    billIds: [openBill],
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  }),
  withdrawPaymentLink: ({ paymentLink }) => ({ linkId: paymentLink, reason: 'x' }),
  requestRefund: ({ payment }) => ({ idempotencyKey: key(), paymentId: payment, reason: 'x' }),
  cancelReceipt: ({ receipt }) => ({ idempotencyKey: key(), receiptId: receipt, reason: 'x' }),
  dishonourCheque: ({ payment }) => ({ idempotencyKey: key(), paymentId: payment, reason: 'x' }),
  confirmRefund: ({ refund }) => ({ idempotencyKey: key(), refundId: refund }),
  withdrawRefund: ({ refund }) => ({ idempotencyKey: key(), refundId: refund, reason: 'x' }),
  giveMandate: ({ wallet, subWallet, payerNumber, payerName }) => ({
    idempotencyKey: key(),
    walletId: wallet,
    subWalletId: subWallet,
    payerNumber,
    payerName,
    dayOfMonth: 1,
    from: '2099-01-01',
  }),
  revokeMandate: ({ mandate }) => ({ idempotencyKey: key(), mandateId: mandate }),
  ...CONTRACT_MUTATIONS,
  ...COURSE_MUTATIONS,
  createCampaign: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    name: 'x',
    sponsorAccountId: 'x',
    awards: { redPackets: { pot: money, packets: 1, split: 'EQUAL' } },
    opensAt: '2098-01-01T00:00:00Z',
    closesAt: '2098-02-01T00:00:00Z',
    expiresAt: '2098-03-01T00:00:00Z',
  }),
  sponsorCampaign: ({ campaign, wallet }) => ({
    idempotencyKey: key(),
    campaignId: campaign,
    walletId: wallet,
    expectedBudget: money,
  }),
  signUpForCampaign: ({ campaign }) => ({ idempotencyKey: key(), campaignId: campaign }),
  spendVoucher: ({ organisation }) => ({
    idempotencyKey: key(),
    voucherId: UNKNOWN_VOUCHER,
    organisationId: organisation,
    amount: money,
  }),
  setMerchantCategory: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    category: '8211',
  }),
  decideApproval: ({ approval }) => ({ approvalId: approval, payloadHash: '0'.repeat(64), grant: true }),
  openComplaint: ({ payment }) => ({ idempotencyKey: key(), about: { paymentId: payment }, text: 'x' }),
  assignCase: (of) => ({ idempotencyKey: key(), caseId: of.case }),
  noteCase: (of) => ({ idempotencyKey: key(), caseId: of.case, text: 'x' }),
  resolveCase: (of) => ({ idempotencyKey: key(), caseId: of.case, text: 'x' }),
  reopenCase: (of) => ({ idempotencyKey: key(), caseId: of.case, text: 'x' }),
};

/** The same over the counter. */
export const payInCash = (of: Things): object => ({
  ...MUTATIONS['payBills']?.(of),
  method: { cash: { tendered: { amount: '1200.00' } } },
});
