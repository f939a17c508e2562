import { checkLog } from './check.js';
import { nameOf } from './export.js';
import { moneyCoreEffects, moneyCoreLog } from './money-core-log.js';
import { type DraftEvent, exportOf, soundAcknowledgements, soundLog, soundViews } from './synthetic-log.js';

export type Input = { log: string[]; acknowledgements: string[]; views: string[]; atRest: boolean };

/** What is found violated, as `invariant: first violation`. */
export async function violationsOf(change: Partial<Input>): Promise<string[]> {
  const sound = {
    log: exportOf(soundLog()),
    acknowledgements: soundAcknowledgements,
    views: soundViews,
    atRest: true,
  };
  const report = await checkLog({ ...sound, ...change });
  return report.rules.flatMap(({ invariant, first }) =>
    first === undefined ? [] : [`${invariant}: ${first}`],
  );
}

/** Violations of the sound log with one thing planted; the views and acknowledgements are left out unless asked for. */
export async function planted(plant: (events: DraftEvent[]) => void): Promise<string[]> {
  const events = soundLog();
  plant(events);
  const report = await checkLog({ log: exportOf(events) });
  return report.rules.flatMap(({ invariant, first }) =>
    first === undefined ? [] : [`${invariant}: ${first}`],
  );
}

/** The same for the log of the money core, with the effects at the bank. */
export async function plantedInCore(
  plant: (events: DraftEvent[]) => void,
  effects: readonly string[] = moneyCoreEffects,
): Promise<string[]> {
  const events = moneyCoreLog();
  plant(events);
  const report = await checkLog({ log: exportOf(events), effects });
  return report.rules.flatMap(({ invariant, first }) =>
    first === undefined ? [] : [`${invariant}: ${first}`],
  );
}

export function find(events: DraftEvent[], type: string, stream?: string): DraftEvent {
  const event = events.find(
    (candidate) => nameOf(candidate.type) === type && (!stream || candidate.stream === stream),
  );
  if (!event) throw new Error(`No ${type} in the synthetic log.`);
  return event;
}

export function after(events: DraftEvent[], type: string, stream: string, ...added: DraftEvent[]): void {
  events.splice(events.indexOf(find(events, type, stream)) + 1, 0, ...added);
}

export const drop = (events: DraftEvent[], event: DraftEvent): void =>
  void events.splice(events.indexOf(event), 1);

export type Plant = (events: DraftEvent[]) => void;
/** What is planted, and what must be found. */
export type PlantedRow = [name: string, plant: Plant, found: readonly string[]];

/** The first event of the type in the stream says something else. */
export function change(type: string, stream: string, data: Record<string, unknown>): Plant {
  return (events) => void Object.assign(find(events, type, stream).data, data);
}

export function without(type: string, stream: string): Plant {
  return (events) => drop(events, find(events, type, stream));
}
