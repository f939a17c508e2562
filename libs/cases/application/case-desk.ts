import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid, type OrganisationId, type TenantId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { caseAggregate } from '../codec/index.js';
import type { CaseId, Cases, CaseToOpen } from '../contract/index.js';
import type { ActOnCase } from '../domain/case/index.js';

const ACTOR = 'system:cases';
const MOST_FACTS = 50;
const LONGEST_FACT = 500;
const LONGEST_TEXT = 2_000;
const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

type Note = Parameters<Cases['note']>[1];

/** Exceptions of the other contexts. */
@Injectable()
export class CaseDesk implements Cases {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async find(tenant: TenantId, caseId: CaseId): ReturnType<Cases['find']> {
    if (!isUuid(caseId)) return undefined;
    const { state } = await this.store.load(caseAggregate, caseId);
    if (state.status === 'absent' || state.tenant !== tenant) return undefined;
    const { kind, subject, facts } = state;
    return { kind, subject, facts };
  }

  /** @throws TypeError for facts that cannot be shown; Error when the id is the case of something else */
  async open(toOpen: CaseToOpen, correlationId: string): Promise<void> {
    const { caseId, kind, tenant, organisationId, subject, facts, openedAt } = toOpen;
    assertFacts(facts);
    const content = { caseId, kind, tenant, subject, facts, openedAt, complainant: null, text: null };
    const place = organisationId === undefined ? {} : { organisationId };
    const commandId = commandIdOf(caseId, 'open', tenant, kind, subject);
    const result = await this.store.run(
      caseAggregate,
      caseId,
      { command: 'open', ...content, ...place },
      this.#context({ commandId, correlationId, tenant, organisationId }),
    );
    if (!result.accepted) throw new Error(`Case ${caseId} was refused with ${result.rejection.code}.`);
  }

  /** @throws TypeError for facts or text that cannot be shown; Error for a case that was never opened */
  async note(caseId: CaseId, { noteId, tenant, text, facts = {}, resolved, ...rest }: Note): Promise<void> {
    assertFacts(facts);
    if (text.length > LONGEST_TEXT) throw new TypeError(`A note has at most ${LONGEST_TEXT} characters.`);
    const { state } = await this.store.load(caseAggregate, caseId);
    if (state.status === 'absent' || state.tenant !== tenant) throw new Error(`There is no case ${caseId}.`);
    const act: ActOnCase = {
      command: resolved ? 'resolve' : 'note',
      requestId: noteId,
      by: ACTOR,
      at: this.runtime.clock.now(),
      text,
      facts,
    };
    const result = await this.store.run(
      caseAggregate,
      caseId,
      act,
      this.#context({
        commandId: commandIdOf(caseId, 'note', noteId),
        correlationId: rest.correlationId,
        tenant,
        organisationId: state.organisationId,
      }),
    );
    // Closed meanwhile, full, or told in other words before: what matters is in the case already.
    if (!result.accepted && result.rejection.code === 'CASE_NOT_FOUND') {
      throw new Error(`There is no case ${caseId}.`);
    }
  }

  #context({
    organisationId,
    ...rest
  }: {
    readonly commandId: string;
    readonly correlationId: string;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId | undefined;
  }): CommandContext {
    const place = organisationId === undefined ? {} : { organisation: organisationId };
    return { ...rest, ...place, actor: ACTOR, at: this.runtime.clock.now() };
  }
}

function commandIdOf(caseId: CaseId, ...step: readonly string[]): string {
  return deriveUuid(UUID_NAMESPACES.command, caseId, ...step);
}

function assertFacts(facts: Readonly<Record<string, string>>): void {
  const entries = Object.entries(facts);
  if (entries.length > MOST_FACTS) throw new TypeError(`A case takes at most ${MOST_FACTS} facts at once.`);
  for (const [name, value] of entries) {
    if (!NAME.test(name)) throw new TypeError('A fact’s name is 1 to 64 letters, digits, ".", "_" or "-".');
    if (value.length > LONGEST_FACT) throw new TypeError(`${name} is longer than ${LONGEST_FACT}.`);
  }
}
