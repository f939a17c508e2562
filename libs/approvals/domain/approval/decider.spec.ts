import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  approvalDecider,
  type ApprovalCommand,
  type ApprovalEvent,
  type DecideOnRequest,
  type RequestContent,
  type UseApproval,
} from './index.js';

const at = parseInstant('2026-09-01T08:00:00.000Z');
const soon = addMs(at, 1_000);
const expiresAt = addMs(at, 60_000);
const tenant = asId<'tenant'>('demo');
const approvalId = asId<'approval'>('a1');
const maker = { accountId: 'maker-1', personId: 'person-1' };
const checker = { accountId: 'checker-1', personId: 'person-2' };

const content: RequestContent = {
  approvalId,
  kind: 'refund',
  tenant,
  organisationId: asId('school-1'),
  subject: 'refund-r1',
  payload: { amount: '1.00' },
  payloadHash: 'hash-1',
  maker,
  reason: 'twice',
  requestedAt: at,
  expiresAt,
};
const edit: RequestContent = {
  ...content,
  payload: { amount: '2.00' },
  payloadHash: 'hash-2',
  requestedAt: soon,
};
const ask = (of: RequestContent): ApprovalCommand => ({ command: 'request', ...of });
const decide: DecideOnRequest = {
  command: 'decide',
  payloadHash: 'hash-1',
  grant: true,
  checker,
  comment: '',
  at: soon,
};
const use: UseApproval = { command: 'use', tenant, payloadHash: 'hash-1', useId: 'act-1', at: soon };
const withdraw: ApprovalCommand = { command: 'withdraw', tenant, reason: 'off', at: soon };

const requested: ApprovalEvent = { type: 'ApprovalRequested', data: content };
const editedRequest: ApprovalEvent = { type: 'ApprovalRequested', data: edit };
const decision = {
  approvalId,
  kind: 'refund',
  subject: 'refund-r1',
  payloadHash: 'hash-1',
  checker,
  comment: '',
  decidedAt: soon,
} as const;
const granted: ApprovalEvent = { type: 'ApprovalGranted', data: decision };
const declined: ApprovalEvent = { type: 'ApprovalDeclined', data: decision };
const used: ApprovalEvent = {
  type: 'ApprovalUsed',
  data: { approvalId, payloadHash: 'hash-1', useId: 'act-1', usedAt: soon },
};
const voided = (cause: 'edited' | 'withdrawn', reason: string): ApprovalEvent => ({
  type: 'ApprovalVoided',
  data: { approvalId, payloadHash: 'hash-1', cause, reason, voidedAt: soon },
});
const withdrawn = voided('withdrawn', 'off');
const editVoided = voided('edited', 'Another payload was asked for.');

const on = spec(approvalDecider);

describe('asking for a second person', () => {
  it('is recorded once; the same again changes nothing, whatever was decided', () => {
    on.given([]).when(ask(content)).then([requested]);
    for (const history of [[], [granted], [declined], [withdrawn], [granted, used]]) {
      on.given([requested, ...history])
        .when(ask({ ...content, requestedAt: soon }))
        .then([]);
    }
  });

  it('for another payload voids what was asked or granted, and opens it anew', () => {
    on.given([requested]).when(ask(edit)).then([editVoided, editedRequest]);
    on.given([requested, granted]).when(ask(edit)).then([editVoided, editedRequest]);
    on.given([requested, declined]).when(ask(edit)).then([editedRequest]);
    on.given([requested, withdrawn]).when(ask(edit)).then([editedRequest]);
  });

  it('is known for a late repeat of what was edited since, unlike an edit back to it', () => {
    const history = [requested, editVoided, editedRequest];
    on.given(history).when(ask(content)).then([]);
    const back = { ...content, requestedAt: addMs(soon, 1) };
    on.given(history)
      .when(ask(back))
      .then([
        {
          type: 'ApprovalVoided',
          data: {
            approvalId,
            payloadHash: 'hash-2',
            cause: 'edited',
            reason: 'Another payload was asked for.',
            voidedAt: back.requestedAt,
          },
        },
        { type: 'ApprovalRequested', data: back },
      ]);
  });

  it('is refused once the act was done, and for another act under the id', () => {
    on.given([requested, granted, used]).when(ask(edit)).thenRejected({ code: 'APPROVAL_USED' });
    const others: readonly Partial<RequestContent>[] = [
      { tenant: asId('other') },
      { organisationId: asId('school-2') },
      { kind: 'writeOff' },
      { subject: 'refund-r2' },
    ];
    for (const change of others) {
      on.given([requested])
        .when(ask({ ...content, ...change }))
        .thenRejected({ code: 'APPROVAL_OF_ANOTHER_ACT' });
    }
  });
});

describe('deciding', () => {
  it('grants or declines; the same decision again is the same, another is too late', () => {
    on.given([requested]).when(decide).then([granted]);
    on.given([requested])
      .when({ ...decide, grant: false })
      .then([declined]);
    for (const history of [[granted], [granted, used]]) {
      on.given([requested, ...history])
        .when({ ...decide, at: addMs(expiresAt, 1) })
        .then([]);
    }
    const late: readonly Partial<DecideOnRequest>[] = [
      { grant: false },
      { comment: 'x' },
      { checker: { accountId: 'checker-2', personId: 'person-3' } },
    ];
    for (const change of late) {
      on.given([requested, granted])
        .when({ ...decide, ...change })
        .thenRejected({ code: 'APPROVAL_CLOSED' });
    }
    on.given([requested, withdrawn]).when(decide).thenRejected({ code: 'APPROVAL_CLOSED' });
    on.given([requested, granted, withdrawn]).when(decide).thenRejected({ code: 'APPROVAL_CLOSED' });
  });

  it('is never for the maker, under any account of the same person', () => {
    for (const same of [maker, { accountId: 'maker-2', personId: 'person-1' }]) {
      on.given([requested])
        .when({ ...decide, checker: same })
        .thenRejected({ code: 'SAME_PERSON' });
    }
  });

  it('is refused on a payload that is no longer asked for, and after the time', () => {
    const history = [requested, editVoided, editedRequest];
    on.given(history).when(decide).thenRejected({ code: 'APPROVAL_STALE' });
    on.given([requested])
      .when({ ...decide, at: expiresAt })
      .thenRejected({ code: 'APPROVAL_CLOSED' });
    on.given([requested])
      .when({ ...decide, at: addMs(expiresAt, -1) })
      .then([{ type: 'ApprovalGranted', data: { ...decision, decidedAt: addMs(expiresAt, -1) } }]);
    on.given([]).when(decide).thenRejected({ code: 'APPROVAL_NOT_FOUND' });
  });

  it('is not repeated by a replay when an edit comes back to the same payload', () => {
    const back: ApprovalEvent = {
      type: 'ApprovalRequested',
      data: { ...content, requestedAt: addMs(soon, 2) },
    };
    const backVoided: ApprovalEvent = {
      type: 'ApprovalVoided',
      data: { approvalId, payloadHash: 'hash-2', cause: 'edited', reason: '', voidedAt: soon },
    };
    const history = [requested, granted, editVoided, editedRequest, backVoided, back];
    on.given(history).when(decide).thenRejected({ code: 'APPROVAL_CLOSED' });
    const other = { accountId: 'checker-2', personId: 'person-3' };
    on.given(history)
      .when({ ...decide, checker: other })
      .then([{ type: 'ApprovalGranted', data: { ...decision, checker: other } }]);
  });
});

describe('using', () => {
  it('needs a grant of this very payload, once, in time', () => {
    on.given([requested, granted]).when(use).then([used]);
    on.given([requested, granted, used])
      .when({ ...use, at: addMs(expiresAt, 1) })
      .then([]);
    on.given([requested, granted, used])
      .when({ ...use, useId: 'act-2' })
      .thenRejected({ code: 'APPROVAL_USED' });
    on.given([requested, granted, used])
      .when({ ...use, payloadHash: 'hash-2' })
      .thenRejected({ code: 'APPROVAL_USED' });
    on.given([requested, granted])
      .when({ ...use, payloadHash: 'hash-2' })
      .thenRejected({ code: 'APPROVAL_VOID' });
    on.given([requested, granted])
      .when({ ...use, at: expiresAt })
      .thenRejected({ code: 'APPROVAL_VOID' });
    on.given([requested]).when(use).thenRejected({ code: 'APPROVAL_PENDING' });
    on.given([requested])
      .when({ ...use, at: expiresAt })
      .thenRejected({ code: 'APPROVAL_VOID' });
    on.given([requested, declined]).when(use).thenRejected({ code: 'APPROVAL_DECLINED' });
    on.given([requested, granted, withdrawn]).when(use).thenRejected({ code: 'APPROVAL_VOID' });
    on.given([requested, granted, editVoided, editedRequest])
      .when(use)
      .thenRejected({ code: 'APPROVAL_VOID' });
    on.given([]).when(use).thenRejected({ code: 'APPROVAL_NOT_FOUND' });
    on.given([requested, granted])
      .when({ ...use, tenant: asId('other') })
      .thenRejected({ code: 'APPROVAL_NOT_FOUND' });
  });
});

describe('withdrawing', () => {
  it('ends what is open or granted and is harmless otherwise', () => {
    on.given([requested]).when(withdraw).then([withdrawn]);
    on.given([requested, granted]).when(withdraw).then([withdrawn]);
    for (const history of [[], [requested, declined], [requested, withdrawn], [requested, granted, used]]) {
      on.given(history).when(withdraw).then([]);
    }
    on.given([requested])
      .when({ ...withdraw, tenant: asId('other') } as ApprovalCommand)
      .then([]);
  });
});

describe('a history', () => {
  it.each<[string, readonly ApprovalEvent[]]>([
    ['a decision on nothing', [granted]],
    ['two decisions', [requested, granted, declined]],
    ['a use without a grant', [requested, used]],
    ['two uses', [requested, granted, used, used]],
    ['a request over one that is open', [requested, editedRequest]],
    ['the void of what was declined', [requested, declined, withdrawn]],
    ['a decision on another payload', [requested, editVoided, editedRequest, granted]],
  ])('cannot hold %s', (_name, history) => {
    on.given(history).thenImpossible();
  });
});
