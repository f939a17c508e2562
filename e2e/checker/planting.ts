import { checkLog } from './check.js';
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

export function find(events: DraftEvent[], type: string, stream?: string): DraftEvent {
  const event = events.find(
    (candidate) => candidate.type === `${type}.v1` && (!stream || candidate.stream === stream),
  );
  if (!event) throw new Error(`No ${type} in the synthetic log.`);
  return event;
}

export function after(events: DraftEvent[], type: string, stream: string, ...added: DraftEvent[]): void {
  events.splice(events.indexOf(find(events, type, stream)) + 1, 0, ...added);
}

export const drop = (events: DraftEvent[], event: DraftEvent): void =>
  void events.splice(events.indexOf(event), 1);
