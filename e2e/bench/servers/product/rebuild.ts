import { EVENT_SETS, PROJECTIONS } from '#apps/standalone/contexts.js';
import { schemasFolder } from '#apps/standalone/folders.js';
import type { Stores } from '#apps/standalone/stores.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import { decodePage } from '#libs/event-log/runner/read-stream.js';
import { systemRng } from '#libs/runtime/system/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';

export interface Folded {
  readonly events: number;
  readonly durationMs: number;
}

/** Reads the whole log through the port, opens personal data, decodes, and gives every event to a fold that does nothing. */
export async function foldAll(stores: Stores): Promise<Folded> {
  const counts = new Map<string, number>();
  const startedMs = performance.now();
  const events = await eachEvent(stores, ({ event: { type } }) =>
    counts.set(type, (counts.get(type) ?? 0) + 1),
  );
  return { events, durationMs: performance.now() - startedMs };
}

/** How many rows the projections write, row by row: what a rebuild is to be measured by. */
export async function countedRows(stores: Stores, names: readonly string[]): Promise<number> {
  const projections = PROJECTIONS.filter(({ name }) => names.includes(name)).map((projection) => ({
    projection,
    types: new Set(projection.events.flatMap(({ types }) => Object.keys(types))),
  }));
  let rows = 0;
  const count = (): void => void (rows += 1);
  const writer: ViewWriter = { put: count, patch: count, add: count, accumulate: count, remove: count };
  await eachEvent(stores, (event) => {
    for (const { projection, types } of projections)
      if (types.has(event.event.type)) projection.project(event, writer);
  });
  return rows;
}

async function eachEvent(stores: Stores, take: (event: DecodedEvent) => void): Promise<number> {
  const schemas = loadEventSchemas(schemasFolder('events'));
  const catalogue = buildCatalogue(EVENT_SETS, { schemas, rng: systemRng, checks: false });
  let events = 0;
  for await (const page of stores.eventLog.readAll()) {
    for (const event of await decodePage(catalogue, stores.subjectKeys, page)) take(event);
    events += page.length;
  }
  return events;
}
