import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { APPROVALS, type Actor, type Approvals } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type TenantId } from '#libs/kernel/ids/index.js';
import { addDays, localDateOf, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { canonicalJson, sha256Hex } from '#libs/signatures/canonical/index.js';
import { regionAggregate, regionStreamId } from '../../codec/language-aggregates.js';
import {
  SetRegionalParameters,
  TEMPLATES,
  type RegionalProposal,
  type ReleaseTemplates,
} from '../../contract/templates.js';
import type { ParameterSet, RegionProposalId, RegionRefusal } from '../../domain/region/index.js';
import { readParameterSet } from './read-parameter-set.js';
import { setViewOf } from './region-view.js';

type Refusal = Rejection<
  'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'PARAMETERS_FOR_THE_PAST' | 'INVALID_REGIONAL_PARAMETERS'
>;

const LONGEST_REASON = 200;
/** Days begin at midnight of the tenants' zone. */
const TENANT_ZONE_OFFSET = '+08:00';

/**
 * Operations propose a region's parameters from a coming day on; a second person must approve. The proposal is recorded first: the
 * same key again asks for the approval again, whatever a crash has left out.
 */
@CommandHandler(SetRegionalParameters)
export class SetRegionalParametersHandler implements ICommandHandler<SetRegionalParameters> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
  ) {}

  async execute({ context, input }: SetRegionalParameters): Promise<Outcome<RegionalProposal, Refusal>> {
    const { tenant, accountId, personId, roles, organisation } = context.caller;
    if (!roles.includes('ops') || organisation !== undefined) {
      return refused({
        code: 'FORBIDDEN',
        message: 'Only operations of the tenant set regional parameters.',
      });
    }
    const { idempotencyKey } = input;
    assertIdempotencyKey(idempotencyKey);
    const reason = readReason(input.reason);
    const read = await readParameterSet(tenant, input, this.templates);
    if (!read.accepted) return read;
    const set = read.value;
    const setHash = setHashOf(set);
    const at = this.runtime.clock.now();
    const proposalId = asId<'regionProposal'>(
      deriveUuid(UUID_NAMESPACES.entity, 'regionProposal', tenant, accountId, idempotencyKey),
    );
    // Another region is another stream: there the same key would be another proposal, for an approval that is taken.
    const request = { operation: 'setRegionalParameters', idempotencyKey, input: [set.region, setHash] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return refused(conflict);
    const commandId = deriveUuid(UUID_NAMESPACES.command, proposalId, set.region, setHash);
    const today = localDateOf(at);
    const result = await this.store.run(
      regionAggregate,
      regionStreamId(tenant, set.region),
      { kind: 'propose', proposalId, set, setHash, tenant, maker: accountId, reason, today, at },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused(publicRefusal(result.rejection));
    const known = result.state.proposals.get(proposalId);
    if (known?.pending) {
      const { correlationId } = context;
      const request = requestOf({ tenant, proposalId, set }, { accountId, personId }, reason);
      const expiresAt = lateFrom(set, known.at);
      await this.approvals.request({ ...request, requestedAt: known.at, expiresAt }, correlationId);
    }
    return { accepted: true, value: { id: proposalId, ...setViewOf(set) } };
  }
}

export function setHashOf(set: ParameterSet): string {
  return sha256Hex(canonicalJson(set));
}

interface Proposed {
  readonly tenant: TenantId;
  readonly proposalId: RegionProposalId;
  readonly set: ParameterSet;
}

function requestOf(proposed: Proposed, maker: Actor, reason: string) {
  const { tenant, proposalId, set } = proposed;
  return {
    approvalId: asId<'approval'>(proposalId),
    kind: 'rateRule',
    tenant,
    subject: regionSubject(tenant, set.region),
    payload: payloadOf(proposed),
    maker,
    reason,
  } as const;
}

/** From then on it could not take effect any more: its day has begun, or, where it was asked for on that day, is over. */
function lateFrom({ effectiveFrom }: ParameterSet, requestedAt: Instant): Instant {
  const begun = effectiveFrom <= localDateOf(requestedAt);
  const day = begun ? addDays(effectiveFrom, 1) : effectiveFrom;
  return parseInstant(`${day}T00:00:00${TENANT_ZONE_OFFSET}`);
}

/** The stream that waits for the decision; other rules approved under the same kind have other subjects. */
export function regionSubject(tenant: TenantId, region: string): string {
  return `contractRegion-${regionStreamId(tenant, region)}`;
}

/** What the checker sees and the approval is good for: every day and every value, in parts as long as a payload's entries. */
export function payloadOf({ tenant, proposalId, set }: Proposed): Readonly<Record<string, string>> {
  const { region, effectiveFrom, zone, holidays, workingDays } = set;
  return {
    tenant,
    proposalId,
    region,
    effectiveFrom,
    zone,
    ...inParts('holidays', holidays.join(' ')),
    ...inParts('workingDays', workingDays.join(' ')),
    ...inParts('values', canonicalJson(set.values)),
    setHash: setHashOf(set),
  };
}

/** As approvals have it. */
const LONGEST_ENTRY = 2_000;

/** `holidays.1`, `holidays.2` …; the text is ASCII, so that no part ends within a character. */
function inParts(name: string, text: string): Readonly<Record<string, string>> {
  const parts = Math.max(1, Math.ceil(text.length / LONGEST_ENTRY));
  return Object.fromEntries(
    Array.from({ length: parts }, (_, index) => [
      `${name}.${index + 1}`,
      text.slice(index * LONGEST_ENTRY, (index + 1) * LONGEST_ENTRY),
    ]),
  );
}

function readReason(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= LONGEST_REASON) return reason;
  const message = `A reason has 1 to ${LONGEST_REASON} characters.`;
  throw new InvalidInputError('INVALID_REASON', message, ['input', 'reason']);
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}

function publicRefusal({ code, message, details }: RegionRefusal): Refusal {
  if (code === 'PROPOSAL_NOT_FOUND') throw new Error('A proposal was refused as unknown.');
  return { code, message, details };
}
