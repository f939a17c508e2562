import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApprovalById, DecideApproval } from '#libs/approvals/contract/index.js';
import {
  CloseInstitution,
  MassRefundById,
  MassRefundReport,
  type MassRefundView,
} from '#libs/contracts/contract/mass-refund.js';
import type { EventLog, EventToAppend } from '#libs/event-log/port/index.js';
import { asId, type ContractId, type OrganisationId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { accepted } from './accepted.js';
import { inspectorAt } from './callers.js';

const POLL_MS = 10;
const PATIENCE_MS = 240_000;

export interface MassRefundTarget {
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly dataDir: string;
  /** Until the views know everything that is in the log. */
  settle(): Promise<unknown>;
}

export interface MassRefundOrder {
  readonly organisation: OrganisationId;
  readonly contracts: readonly ContractId[];
  /** Fen that each of them holds. */
  readonly heldEach: bigint;
}

export interface MassRefundFigures {
  /** From the request to the second person's agreement. */
  readonly agreedMs: number;
  /** From the request to the job done. */
  readonly doneMs: number;
  /** From the request to the report on disk. */
  readonly reportedMs: number;
  /** What was appended to one of the contracts. */
  readonly sample: readonly Pick<EventToAppend, 'type' | 'data' | 'metadata'>[];
}

/** An authority closes an institution and takes the report, as its officers do; without HTTP. */
export async function closeInstitution(
  target: MassRefundTarget,
  { organisation, contracts, heldEach }: MassRefundOrder,
): Promise<MassRefundFigures> {
  const { commands, queries } = target;
  const asker = inspectorAt('asks');
  const input = { idempotencyKey: randomUUID(), organisationId: organisation, reason: '机构停业' };
  const startedMs = performance.now();
  const refund = accepted(await commands.execute(new CloseInstitution(asker, input)), 'close an institution');
  await target.settle();
  await agree(target, refund);
  const agreedMs = performance.now() - startedMs;
  const done = await completed(queries, asker, refund.id);
  const doneMs = performance.now() - startedMs;
  const report = await queries.execute(new MassRefundReport(asker, refund.id, 'zh-CN'));
  if (!report) throw new Error('There is no report on the mass refund.');
  await writeFile(join(target.dataDir, `${refund.id}.xlsx`), report.content);
  const reportedMs = performance.now() - startedMs;
  assertAllRefunded(done, heldEach * BigInt(contracts.length), contracts.length);
  return { agreedMs, doneMs, reportedMs, sample: await appendedBy(target.log, refund.id, contracts[0]!) };
}

async function agree({ commands, queries }: MassRefundTarget, { approvalId: id }: MassRefundView) {
  const checker = inspectorAt('agrees');
  const approvalId = asId<'approval'>(id);
  const approval = await queries.execute(new ApprovalById(checker, approvalId));
  if (!approval) throw new Error('The mass refund waits for nobody.');
  const { payloadHash } = approval;
  const decision = new DecideApproval(checker, { approvalId, payloadHash, grant: true, comment: '' });
  accepted(await commands.execute(decision), 'agree to a mass refund');
}

async function completed(
  queries: QueryBus,
  context: RequestContext,
  id: MassRefundView['id'],
): Promise<MassRefundView> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAtMs) {
    const found = await queries.execute(new MassRefundById(context, id));
    if (found?.status === 'COMPLETED') return found;
    if (found?.status === 'DECLINED') throw new Error('The mass refund was declined.');
    await pause(POLL_MS);
  }
  throw new Error('The mass refund was not completed in time.');
}

function assertAllRefunded({ processed, left, sums }: MassRefundView, fen: bigint, contracts: number): void {
  const [sum] = sums;
  if (processed === contracts && left === 0 && sum?.refunded.amount === fen && sum.owed.amount === 0n) return;
  throw new Error(
    `Of ${contracts} contracts with ${fen} fen ${processed} were wound up and ${sum?.refunded.amount ?? 0n} fen refunded.`,
  );
}

async function appendedBy(
  log: Pick<EventLog, 'readStream'>,
  massRefundId: string,
  contractId: ContractId,
): Promise<MassRefundFigures['sample']> {
  const sample: MassRefundFigures['sample'][number][] = [];
  for await (const page of log.readStream(`contract-${contractId}`)) {
    for (const { type, data, metadata } of page)
      if (metadata.correlationId === massRefundId) sample.push({ type, data, metadata });
  }
  if (sample.length === 0) throw new Error(`Nothing happened to contract ${contractId}.`);
  return sample;
}
