import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { Caller, RequestContext } from '#libs/security/port/index.js';
import { caseAggregate } from '../codec/index.js';
import type { CaseId, CaseView } from '../contract/index.js';
import {
  isComplainant,
  mayRead,
  mayWorkOn,
  worksOnCases,
  type ActOnCase,
  type CaseRefusal,
  type KnownCase,
} from '../domain/case/index.js';
import { caseViewOf } from './case-view.js';

const LONGEST_TEXT = 2_000;

interface ActAsked {
  readonly operation: 'assignCase' | 'noteCase' | 'resolveCase' | 'reopenCase';
  readonly caseId: CaseId;
  readonly idempotencyKey: string;
  /** Whether the payer may do it on their own complaint. */
  readonly alsoComplainant: boolean;
  /** Everything of the act but who, when and under which key. */
  readonly act:
    | { readonly command: 'assign'; readonly owner: string }
    | { readonly command: 'note' | 'resolve' | 'reopen'; readonly text: string };
}

type Refusal = Rejection<'FORBIDDEN' | CaseRefusal['code']>;

/** What all acts of people on a case have in common: who may, which case, once per key. */
@Injectable()
export class CaseActs {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async run(context: RequestContext, asked: ActAsked): Promise<Outcome<CaseView, Refusal>> {
    const { caller } = context;
    const { caseId, act, operation, idempotencyKey } = asked;
    const mayComplain = asked.alsoComplainant && caller.roles.includes('payer');
    if (!worksOnCases(caller) && !mayComplain) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    const known = await this.#visible(caller, caseId);
    if (!known) return NOT_FOUND;
    if (!mayWorkOn(caller, known) && !(mayComplain && isComplainant(caller, known))) return FORBIDDEN;
    const { tenant, accountId } = caller;
    const requestId = deriveUuid(UUID_NAMESPACES.command, operation, tenant, accountId, idempotencyKey);
    const content = act.command === 'assign' ? act.owner : act.text;
    const commandId = deriveUuid(UUID_NAMESPACES.command, requestId, caseId, content);
    const at = this.runtime.clock.now();
    const result = await this.store.run(
      caseAggregate,
      caseId,
      commandOf(act, { requestId, by: accountId, at }),
      ofTheCase(known, commandContext(context, commandId, at)),
    );
    if (!result.accepted) return { accepted: false, rejection: result.rejection };
    if (result.state.status === 'absent') throw new Error(`Case ${caseId} is not in the log.`);
    return { accepted: true, value: caseViewOf(result.state, at) };
  }

  /** Not yours looks exactly like not found. */
  async #visible(caller: Caller, caseId: string): Promise<KnownCase | undefined> {
    if (!isUuid(caseId)) return undefined;
    const { state } = await this.store.load(caseAggregate, caseId);
    if (state.status === 'absent' || state.tenant !== caller.tenant) return undefined;
    return mayRead(caller, state) ? state : undefined;
  }
}

function commandOf(act: ActAsked['act'], common: Pick<ActOnCase, 'requestId' | 'by' | 'at'>): ActOnCase {
  if (act.command === 'assign') return { ...common, command: 'assign', owner: act.owner };
  if (act.command === 'reopen') return { ...common, command: 'reopen', text: act.text };
  return { ...common, command: act.command, text: act.text, facts: {} };
}

/** Whose staff is to see the act at once: the case's organisation, whoever acts. */
function ofTheCase({ organisationId }: KnownCase, context: CommandContext): CommandContext {
  const { organisation: _own, ...rest } = context;
  return organisationId === undefined ? rest : { ...rest, organisation: organisationId };
}

/** @throws InvalidInputError `INVALID_TEXT` */
export function assertText(text: string): void {
  if (text.trim() !== '' && text.length <= LONGEST_TEXT && text.isWellFormed()) return;
  const message = `A text has 1 to ${LONGEST_TEXT} characters.`;
  throw new InvalidInputError('INVALID_TEXT', message, ['input', 'text']);
}

export const FORBIDDEN = {
  accepted: false,
  rejection: { code: 'FORBIDDEN', message: 'The caller may not do this here.' },
} as const;

const NOT_FOUND = {
  accepted: false,
  rejection: { code: 'CASE_NOT_FOUND', message: 'There is no such case.' },
} as const;

/** For acts that cannot be refused with some of the codes: one of those is a fault of ours. */
export function onlyRefusedWith<Code extends Refusal['code']>(
  outcome: Outcome<CaseView, Refusal>,
  codes: Readonly<Record<Code, true>>,
): Outcome<CaseView, Rejection<Code>> {
  if (outcome.accepted) return outcome;
  const { code, message } = outcome.rejection;
  if (!Object.hasOwn(codes, code)) throw new Error(`An act on a case was refused with ${code}.`);
  return { accepted: false, rejection: { code: code as Code, message } };
}

/** What every act can be refused with. */
export const ANY_ACT = {
  FORBIDDEN: true,
  CASE_NOT_FOUND: true,
  CASE_FULL: true,
  IDEMPOTENCY_CONFLICT: true,
} as const;
