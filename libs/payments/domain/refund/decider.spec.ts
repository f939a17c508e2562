import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money, posting, type Posting } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { refundDecider } from './decider.js';
import type { RefundCommand, RefundEvent, RefundRequest } from './messages.js';
import type { RefundState } from './state.js';

const at = parseInstant('2026-10-01T02:00:00Z');
const fen = (amount: number) => money(CNY, BigInt(amount));
const maker = { accountId: 'bursar-1', personId: 'person-1' };
const checker = { accountId: 'supervisor-1', personId: 'person-2' };
const asked: RefundRequest = {
  refundId: asId('refund-1'),
  tenant: asId('demo'),
  organisationId: asId('school-1'),
  paymentId: asId('payment-1'),
  refundKind: 'refund',
  lines: [
    { billId: asId('bill-1'), amount: fen(3_000) },
    { billId: asId('bill-2'), amount: fen(2_000) },
  ],
  amount: fen(5_000),
  reason: '转学',
  maker,
  inputHash: 'a'.repeat(64),
  approvalNeeded: true,
  requestedAt: at,
};
const { refundId } = asked;
const out = posting('org:school-1:payable', 'clearing:refund', fen(5_000));
const requested: RefundEvent = { type: 'RefundRequested', data: asked };
const approved: RefundEvent = { type: 'RefundApproved', data: { refundId, checker, approvedAt: at } };
const sent: RefundEvent = { type: 'RefundSent', data: { refundId, postings: [out], sentAt: at } };
const returned: RefundEvent = {
  type: 'RefundReturned',
  data: { refundId, reference: 'R1', postings: [], returnedAt: at },
};
const rejection = { by: 'bank', code: 'BANK_DECLINED', reason: 'account closed' } as const;
const refundSpec = spec(refundDecider);

describe('a refund', () => {
  it('is requested, approved by another person, sent and returned', () => {
    refundSpec
      .given([])
      .when({ kind: 'request', ...asked })
      .then([requested]);
    refundSpec.given([requested]).when({ kind: 'approve', checker, at }).then([approved]);
    refundSpec.given([requested, approved]).when({ kind: 'send', at }).then([sent]);
    refundSpec
      .given([requested, approved, sent])
      .when({ kind: 'confirm', reference: 'R1', postings: [], at })
      .then([returned]);
  });

  it('is the same request under the same key, and a conflict with another input', () => {
    refundSpec
      .given([requested])
      .when({ kind: 'request', ...asked })
      .then([]);
    refundSpec
      .given([requested, approved, sent, returned])
      .when({ kind: 'request', ...asked, inputHash: 'b'.repeat(64) })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('needs the second person where the policy says so', () => {
    refundSpec
      .given([requested])
      .when({ kind: 'approve', checker: null, at })
      .thenRejected({ code: 'REFUND_NOT_APPROVED' });
    refundSpec.given([requested]).when({ kind: 'send', at }).thenRejected({ code: 'REFUND_NOT_APPROVED' });
    const another = { accountId: 'another-account', personId: maker.personId };
    refundSpec.given([requested]).when({ kind: 'approve', checker: another, at }).thenImpossible();
    const small: RefundEvent = { type: 'RefundRequested', data: { ...asked, approvalNeeded: false } };
    refundSpec
      .given([small])
      .when({ kind: 'approve', checker: null, at })
      .then([{ type: 'RefundApproved', data: { refundId, checker: null, approvedAt: at } }]);
  });

  it('gives the money back to the organisation when the bank cannot deliver it', () => {
    refundSpec
      .given([requested, approved, sent])
      .when({ kind: 'reject', ...rejection, at })
      .then([
        {
          type: 'RefundRejected',
          data: {
            refundId,
            ...rejection,
            postings: [posting('clearing:refund', 'org:school-1:payable', fen(5_000))],
            rejectedAt: at,
          },
        },
      ]);
  });

  it('of a cancelled receipt that the bank cannot deliver waits in suspense: no bill claims it', () => {
    const cancel: RefundEvent = { type: 'RefundRequested', data: { ...asked, refundKind: 'receiptCancel' } };
    const postings = [posting('clearing:refund', 'suspense:school-1', fen(5_000))];
    refundSpec
      .given([cancel, approved, sent])
      .when({ kind: 'reject', ...rejection, at })
      .then([{ type: 'RefundRejected', data: { refundId, ...rejection, postings, rejectedAt: at } }]);
  });

  it('that is on its way is ended by the bank alone', () => {
    refundSpec
      .given([requested, approved, sent])
      .when({ kind: 'reject', ...rejection, by: 'maker', at })
      .thenRejected({ code: 'REFUND_SENT' });
  });

  it('that takes a receipt back goes through once it is approved: the bills are being opened again', () => {
    const cancel: RefundEvent = { type: 'RefundRequested', data: { ...asked, refundKind: 'receiptCancel' } };
    const withdraw = { kind: 'reject', ...rejection, by: 'maker', at } as const;
    refundSpec.given([cancel, approved]).when(withdraw).thenRejected({ code: 'REFUND_SENT' });
    const off: RefundEvent = {
      type: 'RefundRejected',
      data: { refundId, ...rejection, by: 'maker', postings: [], rejectedAt: at },
    };
    refundSpec.given([cancel]).when(withdraw).then([off]);
    refundSpec.given([requested, approved]).when(withdraw).then([off]);
  });

  it('is confirmed by one person once: the same act again changes nothing, another is too late', () => {
    const byHand = { kind: 'confirm', reference: 'R1', postings: [], confirmation: 'a', at } as const;
    const confirmed: RefundEvent = {
      type: 'RefundReturned',
      data: { refundId, reference: 'R1', postings: [], confirmation: 'a', returnedAt: at },
    };
    refundSpec.given([requested, approved, sent]).when(byHand).then([confirmed]);
    const history = [requested, approved, sent, confirmed];
    refundSpec.given(history).when(byHand).then([]);
    refundSpec
      .given(history)
      .when({ ...byHand, confirmation: 'b' })
      .thenRejected({ code: 'REFUND_ENDED' });
  });

  it('that a person was to hand out is called off by its maker until it is handed out', () => {
    const rejected = {
      refundId,
      by: 'maker',
      code: 'WITHDRAWN',
      reason: 'nobody came',
      postings: [posting('clearing:refund', 'org:school-1:payable', fen(5_000))],
      rejectedAt: at,
    } as const;
    const callOff = {
      kind: 'reject',
      by: 'maker',
      inHand: true,
      code: 'WITHDRAWN',
      reason: 'nobody came',
      at,
    } as const;
    refundSpec
      .given([requested, approved, sent])
      .when(callOff)
      .then([{ type: 'RefundRejected', data: rejected }]);
    refundSpec
      .given([requested, approved, sent, returned])
      .when(callOff)
      .thenRejected({ code: 'REFUND_ENDED' });
    const cancel: RefundEvent = { type: 'RefundRequested', data: { ...asked, refundKind: 'receiptCancel' } };
    refundSpec.given([cancel, approved, sent]).when(callOff).thenRejected({ code: 'REFUND_SENT' });
  });

  it('that came back after its end lies in suspense and stays returned', () => {
    const postings = [posting('world:operator', 'suspense:school-1', fen(5_000))];
    const cameBack: RefundEvent = {
      type: 'RefundCameBack',
      data: { refundId, reference: 'B9', postings, cameBackAt: at },
    };
    const comeBack = { kind: 'comeBack', reference: 'B9', channel: 'operator', at } as const;
    refundSpec.given([requested, approved, sent, returned]).when(comeBack).then([cameBack]);
    refundSpec.given([requested, approved, sent, returned, cameBack]).when(comeBack).then([]);
  });

  it('is complete once, after its end', () => {
    const complete: RefundEvent = { type: 'RefundCompleted', data: { refundId, completedAt: at } };
    const history = [requested, approved, sent, returned];
    refundSpec.given(history).when({ kind: 'complete', at }).then([complete]);
    refundSpec
      .given([...history, complete])
      .when({ kind: 'complete', at })
      .then([]);
    refundSpec
      .given([requested, approved, sent])
      .when({ kind: 'complete', at })
      .thenRejected({ code: 'REFUND_NOT_APPROVED' });
  });

  it('of a dishonoured cheque moves no money through the refund account', () => {
    const dishonour: RefundEvent = { type: 'RefundRequested', data: { ...asked, refundKind: 'dishonour' } };
    refundSpec
      .given([dishonour, approved])
      .when({ kind: 'send', at })
      .then([{ type: 'RefundSent', data: { refundId, postings: [], sentAt: at } }]);
  });

  it('cannot be written with lines that do not add up', () => {
    refundSpec
      .given([])
      .when({ kind: 'request', ...asked, amount: fen(4_999) })
      .thenImpossible();
  });
});

describe('whatever is asked in whatever order', () => {
  const commands = fc.constantFrom<RefundCommand>(
    { kind: 'request', ...asked },
    { kind: 'approve', checker, at },
    { kind: 'approve', checker: null, at },
    { kind: 'send', at },
    { kind: 'confirm', reference: 'R1', postings: [outside()], at },
    { kind: 'reject', ...rejection, at },
    { kind: 'reject', ...rejection, by: 'maker', at },
    { kind: 'reject', ...rejection, by: 'checker', at },
    { kind: 'reject', ...rejection, by: 'maker', inHand: true, at },
    { kind: 'complete', at },
    { kind: 'comeBack', reference: 'B9', channel: 'operator', at },
  );

  it('the end never changes, nothing is sent without approval, and the refund account is empty at the end', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 20 }), (sequence) => {
        let state: RefundState = refundDecider.initial;
        let clearing = 0n;
        let approvedBefore = false;
        for (const command of sequence) {
          const decision = refundDecider.decide(command, state);
          if (!decision.accepted) continue;
          for (const event of decision.events) {
            const ended = state.status === 'returned' || state.status === 'rejected' ? state.status : null;
            if (event.type === 'RefundSent') expect(approvedBefore).toBe(true);
            if (event.type === 'RefundApproved') approvedBefore = true;
            clearing += movedThrough('clearing:refund', event);
            state = refundDecider.evolve(state, event);
            if (ended !== null) expect(state.status).toBe(ended);
          }
        }
        const onItsWay = state.status === 'sent' ? 5_000n : 0n;
        expect(clearing).toBe(onItsWay);
      }),
    );
  });
});

function outside(): Posting {
  return posting('clearing:refund', 'world:operator', fen(5_000));
}

function movedThrough(account: string, event: RefundEvent): bigint {
  const postings = 'postings' in event.data ? event.data.postings : [];
  return postings.reduce((sum, { source, destination, amount }) => {
    const into = destination === account ? amount.amount : 0n;
    return sum + into - (source === account ? amount.amount : 0n);
  }, 0n);
}
describe('what a contract gives back', () => {
  const payout = { contractId: asId<'contract'>('k1'), payoutId: 'k1:rest:5000', role: 'payer' };
  const lines = [{ billId: asId<'bill'>('k1'), amount: fen(5_000) }];
  const ofContract = { ...asked, refundKind: 'contract', lines, payout, approvalNeeded: false } as const;
  const begun: RefundEvent = { type: 'RefundRequested', data: ofContract };
  const agreed: RefundEvent = { type: 'RefundApproved', data: { refundId, checker: null, approvedAt: at } };
  const gone = posting('clearing:payout', 'clearing:refund', fen(5_000));
  const underWay: RefundEvent = { type: 'RefundSent', data: { refundId, postings: [gone], sentAt: at } };

  it('comes out of the clearing of payouts, never out of the organisation’s account', () => {
    refundSpec.given([begun, agreed]).when({ kind: 'send', at }).then([underWay]);
  });

  it('cannot be called off by anybody, at any stage', () => {
    const off = { kind: 'reject', by: 'maker', inHand: true, code: 'WITHDRAWN', reason: 'x', at } as const;
    for (const history of [[begun], [begun, agreed], [begun, agreed, underWay]]) {
      refundSpec.given(history).when(off).thenRejected({ code: 'REFUND_SENT' });
    }
  });

  it('lies in suspense when the bank does not deliver it', () => {
    const back = [posting('clearing:refund', 'suspense:school-1', fen(5_000))];
    refundSpec
      .given([begun, agreed, underWay])
      .when({ kind: 'reject', ...rejection, at })
      .then([{ type: 'RefundRejected', data: { refundId, ...rejection, postings: back, rejectedAt: at } }]);
  });
});
