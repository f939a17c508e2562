import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { assertNever, InvalidInputError, type Outcome } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { approvalAggregate } from '../codec/index.js';
import { DecideApproval, type ApprovalView, type DecideApprovalRejection } from '../contract/index.js';
import {
  checkableKinds,
  mayCheck,
  type ApprovalRefusal,
  type KnownApproval,
} from '../domain/approval/index.js';
import { commandIdOf, roundOf } from './approval-desk.js';
import { approvalViewOf } from './approval-view.js';

type Answer = Outcome<ApprovalView, DecideApprovalRejection>;

const LONGEST_COMMENT = 500;
const HASH = /^[0-9a-f]{64}$/;

/** The second person decides, on exactly the payload they were shown. */
@CommandHandler(DecideApproval)
export class DecideApprovalHandler implements ICommandHandler<DecideApproval> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: DecideApproval): Promise<Answer> {
    const { caller } = context;
    if (checkableKinds(caller).length === 0) return refuse('FORBIDDEN', 'The caller checks nothing.');
    assertContent(input);
    const { approvalId, payloadHash, grant, comment } = input;
    const known = await this.#visible(context, approvalId);
    if (!known) return refuse('APPROVAL_NOT_FOUND', 'There is no such approval.');
    const { accountId, personId } = caller;
    const at = this.runtime.clock.now();
    const verdict = grant ? 'grant' : 'decline';
    const said = [roundOf(known), accountId, payloadHash, verdict, comment];
    const commandId = commandIdOf(approvalId, 'decide', ...said);
    const result = await this.store.run(
      approvalAggregate,
      approvalId,
      { command: 'decide', payloadHash, grant, checker: { accountId, personId }, comment, at },
      ofTheRequest(known, commandContext(context, commandId, at)),
    );
    if (!result.accepted) return { accepted: false, rejection: decideRejection(result.rejection) };
    if (result.state.status === 'absent') throw new Error(`Approval ${approvalId} is not in the log.`);
    return { accepted: true, value: approvalViewOf(result.state, caller, at) };
  }

  /** What the caller may check. Not theirs looks exactly like not found. */
  async #visible({ caller }: RequestContext, approvalId: string): Promise<KnownApproval | undefined> {
    if (!isUuid(approvalId)) return undefined;
    const { state } = await this.store.load(approvalAggregate, approvalId);
    if (state.status === 'absent' || state.tenant !== caller.tenant) return undefined;
    return mayCheck(caller, state) ? state : undefined;
  }
}

/** Whose staff is to see the decision at once: the request's organisation, whoever decides. */
function ofTheRequest({ organisationId }: KnownApproval, context: CommandContext): CommandContext {
  const { organisation: _own, ...rest } = context;
  return organisationId === undefined ? rest : { ...rest, organisation: organisationId };
}

function assertContent({ payloadHash, comment }: DecideApproval['input']): void {
  if (!HASH.test(payloadHash)) {
    const message = 'A payload hash is 64 hexadecimal digits, as the approval shows it.';
    throw new InvalidInputError('INVALID_PAYLOAD_HASH', message, ['input', 'payloadHash']);
  }
  if (comment.length > LONGEST_COMMENT || !comment.isWellFormed()) {
    const message = `A comment has at most ${LONGEST_COMMENT} characters.`;
    throw new InvalidInputError('INVALID_COMMENT', message, ['input', 'comment']);
  }
}

function decideRejection({ code, message }: ApprovalRefusal): DecideApprovalRejection {
  switch (code) {
    case 'APPROVAL_NOT_FOUND':
    case 'APPROVAL_STALE':
    case 'APPROVAL_CLOSED':
    case 'SAME_PERSON':
      return { code, message };
    case 'APPROVAL_PENDING':
    case 'APPROVAL_DECLINED':
    case 'APPROVAL_VOID':
    case 'APPROVAL_USED':
    case 'APPROVAL_OF_ANOTHER_ACT':
      throw new Error(`Deciding was refused with ${code}.`);
    default:
      return assertNever(code, 'refusal');
  }
}

function refuse(code: DecideApprovalRejection['code'], message: string): Answer {
  return { accepted: false, rejection: { code, message } };
}
