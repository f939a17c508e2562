import { commandContext } from '#libs/event-log/runner/command-context.js';
import { IssueBill, type IssueEffect } from '#libs/billing/contract/index.js';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { studentAggregate } from '../../codec/index.js';
import type { PublishFigures, PublishingImport, RefusedRow } from '../../domain/roster-import/index.js';
import { eachBounded } from '../bounded.js';
import type { TuitionEnvironment } from '../environment.js';
import { commandIdFor, subjectOfStudent } from '../ids.js';

import type { StagedRow, StagingIndex } from '../staging/records.js';
import type { Staging } from '../staging/staging.js';

/** Bills issued at the same time: enough to fill the log's group commits, few enough to leave room for payers. */
const ISSUES_IN_FLIGHT = 256;
/** Reasons kept in the event; the count is always whole. */
const MAX_REFUSALS = 100;
/** Pauses before a row is tried again with the identical command; after the last the job as a whole pauses. */
const RETRY_PAUSES_MS = [20, 100, 500];

export interface PublishTask {
  readonly state: PublishingImport;
  readonly context: RequestContext;
  readonly staging: Staging;
  readonly index: StagingIndex;
  readonly signal: AbortSignal;
  /** Chunks up to here are issued. */
  progress(rows: number, figures: PublishFigures): Promise<void>;
}

export interface PublishOutcome {
  readonly figures: PublishFigures;
  readonly refusals: readonly RefusedRow[];
}

type PublishableRow = StagedRow & { readonly issue: NonNullable<StagedRow['issue']> };

/**
 * Turns staged rows into students and bills, chunk by chunk, from where an earlier run left off. Rows after the last
 * progress are issued again after a crash: ids of bills and commands derive from the import and the row, so that nothing
 * is doubled.
 */
export async function publishRows(
  environment: TuitionEnvironment,
  task: PublishTask,
): Promise<PublishOutcome> {
  const run = new PublishRun(environment, task);
  let done = 0;
  for (const [chunk, { rows }] of task.index.rowChunks.entries()) {
    done += rows;
    if (done <= task.state.processed) continue;
    task.signal.throwIfAborted();
    const publishable = (await task.staging.rows(chunk)).filter(isPublishable);
    if (publishable.length === 0) continue;
    await run.publish(publishable);
    await task.progress(done, run.figures());
  }
  return { figures: run.figures(), refusals: run.refusals() };
}

function isPublishable(row: StagedRow): row is PublishableRow {
  return row.issue !== undefined;
}

class PublishRun {
  private readonly counts: Record<IssueEffect | 'refused', number>;
  private readonly refused: RefusedRow[] = [];
  private readonly at: Instant;

  constructor(
    private readonly environment: TuitionEnvironment,
    private readonly task: PublishTask,
  ) {
    this.counts = { ...task.state.figures };
    this.at = environment.ports.runtime.clock.now();
  }

  figures(): PublishFigures {
    return { ...this.counts };
  }

  refusals(): readonly RefusedRow[] {
    return this.refused.toSorted((a, b) => a.row - b.row).slice(0, MAX_REFUSALS);
  }

  /** What the preview showed is what happens: rows that were unchanged or paid are not touched, whatever came since. */
  async publish(rows: readonly PublishableRow[]): Promise<void> {
    for (const row of rows) {
      if (row.kind === 'unchanged') this.counts.unchanged += 1;
      else if (row.kind === 'paid') this.refuse(row, 'BILL_ALREADY_PAID');
    }
    await this.issueAll(rows.filter(({ kind }) => kind === 'added' || kind === 'changed'));
  }

  private async issueAll(rows: readonly PublishableRow[]): Promise<void> {
    // One durable write for all new keys of the chunk, instead of one per student.
    const subjects = new Set<SubjectId>(rows.map(({ issue }) => subjectOfStudent(issue.studentId)));
    await this.environment.ports.keys.obtain([...subjects]);
    await eachBounded(rows, ISSUES_IN_FLIGHT, async (row) => {
      this.task.signal.throwIfAborted();
      await this.retried(() => this.publishRow(row));
    });
  }

  private async publishRow(row: PublishableRow): Promise<void> {
    const enrolment = row.issue.enrols ? this.enrol(row) : undefined;
    const [outcome] = await Promise.all([
      this.environment.buses.commands.execute(this.issueOf(row)),
      enrolment,
    ]);
    if (outcome.accepted) this.counts[outcome.value.effect] += 1;
    else this.refuse(row, outcome.rejection.code);
  }

  private issueOf({ billId, studentNo, issue }: PublishableRow): IssueBill {
    const { state, context } = this.task;
    const content = {
      payer: {
        subjectId: subjectOfStudent(issue.studentId),
        number: studentNo,
        name: issue.told.name,
        group: issue.className,
        grade: issue.grade,
      },
      academicYear: issue.academicYear,
      term: issue.term,
      feeItemId: issue.feeItemId,
      amount: money(CNY, BigInt(issue.amount)),
      waived: money(CNY, BigInt(issue.waived)),
      dueDate: issue.dueDate,
    };
    return new IssueBill(
      context,
      state.organisationId,
      content,
      commandIdFor(state.importId, 'issue', billId),
    );
  }

  private async enrol({ studentNo, issue }: PublishableRow): Promise<void> {
    const { state, context } = this.task;
    const { studentId, told } = issue;
    const { tenant, organisationId, importId } = state;
    const asked = commandContext(context, commandIdFor(importId, 'enrol', studentId), this.at);
    const command = { kind: 'enrol' as const, studentId, tenant, organisationId, studentNo, told };
    await this.environment.ports.store.run(studentAggregate, studentId, command, asked);
  }

  private refuse({ row }: StagedRow, code: string): void {
    this.counts.refused += 1;
    if (this.refused.length < MAX_REFUSALS) this.refused.push({ row, code });
  }

  /** Overload and timeouts pass; the identical command finds what the first try may have stored. */
  private async retried(act: () => Promise<void>): Promise<void> {
    const { timers } = this.environment.ports.runtime;
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        return await act();
      } catch {
        await timers.sleep(pauseMs, this.task.signal);
      }
    }
    return act();
  }
}
