/** Golden samples of release contracts that make up one history each: `<Type>.v1.<history>-<seq>.json`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractEvents } from '#libs/contracts/codec/contract-events.js';
import type { ContractEvent } from '#libs/contracts/domain/release-contract/messages.js';
import type { EventType } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';

const SAMPLES = join(EVENT_SCHEMAS_DIRECTORY, contractEvents.context, 'samples');

/** In the order in which they happened. */
export function contractHistory(name: 'course' | 'voucher'): readonly ContractEvent[] {
  const types = contractEvents.types as Readonly<Record<string, EventType<unknown>>>;
  return readdirSync(SAMPLES)
    .filter((file) => file.includes(`.v1.${name}-`))
    .map((file) => {
      const { data } = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as { readonly data: JsonObject };
      const type = file.slice(0, file.indexOf('.'));
      return { type, data: types[type]!.decode(data) } as ContractEvent;
    })
    .toSorted((one, other) => one.data.seq - other.data.seq);
}
