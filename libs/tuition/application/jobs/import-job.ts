import { Injectable } from '@nestjs/common';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { ImportId } from '#libs/kernel/ids/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';
import { importAggregate } from '../../codec/index.js';
import {
  NO_FIGURES,
  type CheckingImport,
  type ErasedData,
  type ImportCommand,
  type LiveImport,
  type PublishFigures,
  type PublishingImport,
} from '../../domain/roster-import/index.js';
import { CheckFailure } from '../checking/check-failure.js';
import { checkRoster } from '../checking/check-roster.js';
import { TuitionEnvironment } from '../environment.js';
import { sentenceOf } from '../i18n/index.js';
import { commandIdFor } from '../ids.js';
import { publishRows } from '../publishing/publish-rows.js';
import { jobContext } from '../requests.js';
import { sidecarOf } from '../uploads/upload.js';
import { Progress } from './progress.js';

/** How long the faulty rows of a published import can be fetched. */
export const FAULTS_KEPT_DAYS = 30;
const MS_PER_DAY = 86_400_000;

/** The import moved on under the job: cancelled, or another process was first. Nothing is wrong. */
class MovedOn extends Error {
  override readonly name = 'MovedOn';
}

/** Brings one import as far as it can go without a person: checks it, publishes it, deletes its working data. */
@Injectable()
export class ImportJob {
  constructor(private readonly environment: TuitionEnvironment) {}

  /**
   * Starts from what the import's stream says, so that it may be called at any time and any number of times.
   *
   * @throws whatever kept it from finishing; worth another try later
   */
  async run(importId: ImportId, signal: AbortSignal): Promise<void> {
    try {
      let state = await this.load(importId);
      if (state?.status === 'checking') state = await this.check(state, signal);
      if (state?.status === 'publishing') state = await this.publish(state, signal);
      if (state) await this.erase(state);
    } catch (error) {
      if (!(error instanceof MovedOn)) throw error;
      // Cancelled in the middle: what had been staged has to go.
      const state = await this.load(importId);
      if (state) await this.erase(state);
    }
  }

  private async load(importId: ImportId): Promise<LiveImport | undefined> {
    const { state } = await this.environment.ports.store.load(importAggregate, importId);
    return state.status === 'absent' ? undefined : state;
  }

  private async check(state: CheckingImport, signal: AbortSignal): Promise<LiveImport> {
    const attempt = this.environment.ports.runtime.ids.next();
    const begun = await this.report(state, { kind: 'begin-check', attempt }, attempt);
    for (const earlier of state.attempts) await this.environment.staging(state.importId, earlier).deleteAll();
    if (begun.status !== 'checking') return begun;
    const staging = this.environment.staging(state.importId, attempt);
    const context = jobContext(state, state.requester);
    const progress = this.progressOf(begun, 'checking', attempt);
    const task = {
      state: begun,
      context,
      staging,
      signal,
      progress: (rows: number) => progress.report(rows, 0, NO_FIGURES),
    };
    try {
      const outcome = await checkRoster(this.environment, task);
      return await this.report(begun, { kind: 'record-check', attempt, ...outcome }, `${attempt}-checked`);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return this.report(begun, { kind: 'fail', attempt, ...refusal }, `${attempt}-failed`);
    }
  }

  private async publish(state: PublishingImport, signal: AbortSignal): Promise<LiveImport> {
    const staging = this.environment.stagingOf(state);
    const index = await staging?.index();
    if (!staging || !index) throw new Error('The checked rows of the import are missing.');
    const context = jobContext(state, state.publisher);
    const progress = this.progressOf(state, 'publishing', state.importId);
    const report = (rows: number, figures: PublishFigures) => progress.report(rows, state.total, figures);
    const outcome = await publishRows(this.environment, {
      state,
      context,
      staging,
      index,
      signal,
      progress: report,
    });
    const at = this.environment.ports.runtime.clock.now();
    return this.report(state, { kind: 'record-published', ...outcome, at }, 'published');
  }

  /** Faulty rows of a published import stay for a while, so that they can be fetched and corrected; all else goes at once. */
  private async erase(state: LiveImport): Promise<void> {
    const what = this.dueErasure(state);
    if (!what) return;
    const { files } = this.environment.ports;
    await files.delete(state.uploadId);
    await files.delete(sidecarOf(state.uploadId));
    for (const attempt of state.attempts) {
      const staging = this.environment.staging(state.importId, attempt);
      await (what === 'all' ? staging.deleteAll() : staging.deleteRows());
    }
    if (what === 'all') await this.environment.destroyKey(state.importId);
    await this.report(state, { kind: 'record-erasure', erased: what }, `erased-${what}`);
  }

  private dueErasure(state: LiveImport): ErasedData | undefined {
    if (state.status === 'checking' || state.status === 'checked' || state.status === 'publishing')
      return undefined;
    if (state.erased === 'all') return undefined;
    if (state.status !== 'published' || state.preview.faulty === 0) return 'all';
    const ageMs = epochMsOf(this.environment.ports.runtime.clock.now()) - epochMsOf(state.publishedAt);
    if (ageMs >= FAULTS_KEPT_DAYS * MS_PER_DAY) return 'all';
    return state.erased === 'nothing' ? 'rows' : undefined;
  }

  private progressOf(state: LiveImport, phase: 'checking' | 'publishing', scope: string): Progress {
    return new Progress(this.environment.ports.runtime.clock, async (processed, total, figures) => {
      const command = { kind: 'report-progress' as const, phase, processed, total, figures };
      await this.report(state, command, `${scope}-${phase}-${processed}`);
    });
  }

  /** @throws MovedOn when the import refuses the report */
  private async report(state: LiveImport, command: ImportCommand, name: string): Promise<LiveImport> {
    const { store, runtime } = this.environment.ports;
    const requester = state.status === 'publishing' ? state.publisher : state.requester;
    const commandId = commandIdFor(state.importId, 'job', name);
    const context = commandContext(jobContext(state, requester), commandId, runtime.clock.now());
    const result = await store.run(importAggregate, state.importId, command, context);
    if (!result.accepted) throw new MovedOn(result.rejection.code);
    if (result.state.status === 'absent') throw new MovedOn('absent');
    return result.state;
  }
}

function refusalOf(
  error: unknown,
): { code: string; message: string; details: Readonly<Record<string, string>> } | undefined {
  if (error instanceof SpreadsheetRefused) return { code: error.code, message: error.message, details: {} };
  if (!(error instanceof CheckFailure)) return undefined;
  return { code: error.code, message: sentenceOf(error.code, error.details), details: error.details };
}
