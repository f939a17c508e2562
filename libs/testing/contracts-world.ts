/**
 * Release contracts around one log, without views: for specs that crash, race and restart the write side. With views and
 * queries it is `contractsWorld` in contracts-views-world.ts.
 */
import { ContractClock } from '#libs/contracts/application/contract-clock.js';
import { ContractDesk } from '#libs/contracts/application/contract-desk.js';
import { ContractDocuments } from '#libs/contracts/application/contract-document.js';
import { ContractFundingSteps } from '#libs/contracts/application/contract-funding-steps.js';
import { ContractStreams } from '#libs/contracts/application/contract-streams.js';
import { loadEvidenceSchemas } from '#libs/contracts/application/evidence/evidence-schemas.js';
import { RegionalParameterSets } from '#libs/contracts/application/regions/regional-parameter-sets.js';
import { PublishedTemplates } from '#libs/contracts/application/templates/published-templates.js';
import { loadTemplateLanguage } from '#libs/contracts/application/templates/template-language.js';
import { contractsEventSets } from '#libs/contracts/codec/index.js';
import type {
  ContractFunding,
  ContractMover,
  ContractSummary,
  DraftInput,
  EvidenceStatement,
  Party,
  ReleaseContracts,
} from '#libs/contracts/contract/release-contracts.js';
import type { DueContract, DueContractList } from '#libs/contracts/domain/release-contract/due-contracts.js';
import type { ContractEvent } from '#libs/contracts/domain/release-contract/messages.js';
import { buildCatalogue, loadEventSchemas, type Catalogue } from '#libs/event-log/codec/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { asId, type ContractId, type PaymentId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { signatureVerifier, type ClosableSignatureVerifier } from '#libs/signatures/adapters/index.js';
import { recordedEvents, SCHOOL, TENANT } from './callers.js';
import { CONTRACT_SCHEMAS_DIRECTORY } from './contract-language.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { accepted } from './payment-fixture.js';
import { manualRuntime, type ManualRuntime } from './runtime/index.js';
import { terminalKey } from './terminal-key.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const PAYER = 'payer-1';
export const BUREAU = asId<'organisation'>('bureau-1');
export const TERMINAL = terminalKey();
export const yuan = (amount: number) => money(CNY, BigInt(amount * 100));

let read: ReturnType<typeof readSchemas> | undefined;

/** Read once per process of the tests. */
function readSchemas() {
  return {
    events: loadEventSchemas(EVENT_SCHEMAS_DIRECTORY),
    language: loadTemplateLanguage(CONTRACT_SCHEMAS_DIRECTORY),
    evidence: loadEvidenceSchemas(`${CONTRACT_SCHEMAS_DIRECTORY}/evidence`),
  };
}

export function contractSchemas(): ReturnType<typeof readSchemas> {
  return (read ??= readSchemas());
}

/** What outlives a process. */
export interface ContractPlatform extends AsyncDisposable {
  readonly log: EventLog;
  readonly runtime: ManualRuntime;
  readonly catalogue: Catalogue;
  readonly verifier: ClosableSignatureVerifier;
}

export function contractPlatform(runtime: ManualRuntime = manualRuntime()): ContractPlatform {
  const { events } = contractSchemas();
  const verifier = signatureVerifier({ timers: runtime.timers });
  return {
    log: new MemoryEventLog(),
    runtime,
    catalogue: buildCatalogue(contractsEventSets, { schemas: events, rng: runtime.rng, checks: true }),
    verifier,
    [Symbol.asyncDispose]: () => verifier.close(),
  };
}

/** One process: its own store and memory on the log given. */
export interface ContractNode {
  readonly store: CachingDeciderStore;
  readonly contracts: ReleaseContracts;
  readonly funding: ContractFunding;
  readonly clock: ContractClock;
}

export function contractNode(platform: ContractPlatform, log: EventLog = platform.log): ContractNode {
  const { runtime, catalogue, verifier } = platform;
  const { language, evidence: schemas } = contractSchemas();
  const store = createDeciderStore({ log, catalogue, subjectKeys: memorySubjectKeys(runtime.rng), runtime });
  const streams = new ContractStreams(store, runtime, new RegionalParameterSets(store, runtime));
  const documents = new ContractDocuments(new PublishedTemplates(store, language), streams);
  return {
    store,
    contracts: new ContractDesk(streams, documents, { verifier, schemas }),
    funding: new ContractFundingSteps(streams),
    clock: new ContractClock(streams, dueInLog(platform.log, catalogue), ALWAYS_CURRENT, runtime),
  };
}

const ALWAYS_CURRENT = {
  status: () => [{ name: 'contracts', checkpoint: undefined, lagMs: 0, caughtUp: true, deadLetters: 0 }],
};

/** What the view would list, from the log itself. */
function dueInLog(log: EventLog, catalogue: Catalogue): DueContractList {
  return {
    async dueBy(moment, limit, after) {
      const due = new Map<string, DueContract>();
      for (const recorded of await recordedEvents(log)) {
        if (!recorded.stream.startsWith('contract-')) continue;
        const { data } = catalogue.decode(recorded).event as ContractEvent;
        const { contractId, nextDueAt: dueAt } = data;
        due.delete(contractId);
        if (dueAt !== null && dueAt <= moment) due.set(contractId, { contractId, tenant: TENANT, dueAt });
      }
      const place = ({ dueAt, contractId }: DueContract) => `${dueAt} ${contractId}`;
      const listed = [...due.values()].toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
      return listed.filter((one) => !after || place(one) > place(after)).slice(0, limit);
    },
  };
}

/** A step's command id derives from its name, so that the same step again is the same command. */
export function moverFor(step: string, actor: string = PAYER): ContractMover {
  const commandId = deriveUuid(UUID_NAMESPACES.command, step);
  return { tenant: TENANT, actor, correlationId: 'correlation-1', commandId };
}

export const TUITION_PARTIES: readonly Party[] = [
  { role: 'payer', partyId: PAYER, kind: 'account', payTo: null },
  { role: 'school', partyId: SCHOOL, kind: 'organisation', payTo: `org:${SCHOOL}:payable` },
  { role: 'bureau', partyId: BUREAU, kind: 'organisation', payTo: null },
];

/** Twelve lessons for ¥1,200, to be paid within a week, over after two months. */
export function tuitionInput(now: Instant, name = 'course-1'): DraftInput {
  return {
    contractId: asId<'contract'>(deriveUuid(UUID_NAMESPACES.entity, 'contract', name)),
    organisationId: SCHOOL,
    subject: `courseOrder-${name}`,
    templateId: 'tuition-per-lesson',
    region: 'CN',
    params: {
      total: '120000',
      lessons: '12',
      fundBy: addMs(now, 7 * DAY_MS),
      endsAt: addMs(now, 60 * DAY_MS),
      attKeys: [TERMINAL.key],
    },
    parties: TUITION_PARTIES,
  };
}

type Desk = Pick<ContractNode, 'contracts' | 'funding'>;

/** Drafted by the school and signed by both. */
export async function signedContract({ contracts }: Desk, input: DraftInput): Promise<ContractSummary> {
  const { contractId } = input;
  const draftedBy = moverFor(`${contractId} draft`, 'bursar-1');
  let contract = accepted(await contracts.draft(draftedBy, 'school', input));
  for (const role of contract.unsigned) {
    const keyId = role === 'school' ? 'bursar-1' : PAYER;
    const signature = { keyId, alg: 'account', docHash: contract.docHash, sig: '' } as const;
    const signer = moverFor(`${contractId} sign ${role}`, keyId);
    contract = accepted(await contracts.act(signer, role, contractId, { kind: 'sign', role, signature }));
  }
  return contract;
}

export function paymentFor(contractId: ContractId): PaymentId {
  return asId<'payment'>(deriveUuid(UUID_NAMESPACES.entity, 'payment', contractId));
}

/** Pays all that it asks for, as the payment process does. */
export async function fund({ contracts, funding }: Desk, contractId: ContractId): Promise<ContractSummary> {
  const paymentId = paymentFor(contractId);
  const step = (name: string) => ({ ...moverFor(`${paymentId} ${name}`), contractId, paymentId });
  const contract = await contracts.find(TENANT, contractId);
  const reserved = accepted(await funding.reserve(step('reserve'), contract!.fundable.max));
  await funding.deposit(step('deposit'), reserved.reserved);
  return (await contracts.find(TENANT, contractId))!;
}

export function lesson(contractId: ContractId, lessonNo: number, observedAt: Instant): EvidenceStatement {
  return {
    contractId,
    rule: 'lesson',
    schema: 'lesson.v1',
    dedupeKey: String(lessonNo),
    payload: { lessonNo: String(lessonNo), deliveredOn: observedAt.slice(0, 10) },
    observedAt,
  };
}

/** Events of release contracts in log order. */
export async function contractEventsIn({ log, catalogue }: Pick<ContractPlatform, 'log' | 'catalogue'>) {
  const recorded = await recordedEvents(log);
  return recorded
    .filter(({ stream }) => stream.startsWith('contract-'))
    .map((event) => catalogue.decode(event).event as ContractEvent);
}
