import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { EventSet, EventType } from '#libs/event-log/codec/types.js';
import { loadEventSchemas, type EventSchemas } from '#libs/event-log/codec/index.js';
import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { JsonObject } from '#libs/event-log/port/index.js';

/** schemas/events of this repository. */
export const EVENT_SCHEMAS_DIRECTORY = fileURLToPath(new URL('../../schemas/events', import.meta.url));

interface Golden {
  readonly file: string;
  readonly data: JsonObject;
}

export interface GoldenOptions<Event> {
  /** Default: schemas/events of this repository. */
  readonly directory?: string;
  /** Called with each decoded sample; throws when the decider cannot make sense of it. */
  readonly fold?: (event: Event) => void;
}

/**
 * Declares the golden tests of an event set: every event type, in every version ever stored, has a schema and at least one
 * sample at `schemas/events/<context>/samples/<Type>.v<version>.<name>.json` (`{ "data": …, "metadata"?: … }`). A sample
 * must meet its schema, pass the upcasters, meet the newest schema, decode, and encode to the same JSON again; what is encoded
 * decodes the same without the detour over text. Samples are
 * immutable once released: they stand for what lies in logs out there.
 */
export function goldenSamples<Event extends DomainEvent>(
  set: EventSet<Event>,
  options: GoldenOptions<Event> = {},
): void {
  describe(`golden samples of ${set.context}`, () => {
    for (const { storedType, check } of goldenChecks(set, options)) {
      it(`${storedType} has a schema and samples that still read`, check);
    }
  });
}

/** The same checks as a list, each throwing when it does not hold. */
export function goldenChecks<Event extends DomainEvent>(
  set: EventSet<Event>,
  options: GoldenOptions<Event> = {},
): readonly { readonly storedType: string; check(): void }[] {
  const directory = options.directory ?? EVENT_SCHEMAS_DIRECTORY;
  const schemas = loadEventSchemas(directory);
  const samples = samplesOf(join(directory, set.context, 'samples'));
  const checks = [];
  for (const [type, codec] of Object.entries(set.types) as [string, EventType<unknown>][]) {
    for (let version = 1; version <= codec.version; version += 1) {
      const storedType = `${type}.v${version}`;
      const check = (): void => {
        expect({ storedType, schema: schemas.find(set.context, storedType) !== undefined }).toEqual({
          storedType,
          schema: true,
        });
        const own = samples.filter(({ file }) => file.startsWith(`${storedType}.`));
        expect({ storedType, sampled: own.length > 0 }).toEqual({ storedType, sampled: true });
        for (const sample of own) {
          const event = { type, data: readSample(schemas, set.context, { type, version, codec, sample }) };
          options.fold?.(event as unknown as Event);
        }
      };
      checks.push({ storedType, check });
    }
  }
  return checks;
}

interface SampleOfType {
  readonly type: string;
  readonly version: number;
  readonly codec: EventType<unknown>;
  readonly sample: Golden;
}

/** What a sample decodes to, every step checked. */
function readSample(
  schemas: EventSchemas,
  context: string,
  { type, version, codec, sample }: SampleOfType,
): unknown {
  const violationOf = (data: JsonObject, of: number): unknown => ({
    file: sample.file,
    violation: schemas.find(context, `${type}.v${of}`)?.violation(data),
  });
  const fine = { file: sample.file, violation: undefined };
  expect(violationOf(sample.data, version)).toEqual(fine);
  let json = sample.data;
  for (let from = version; from < codec.version; from += 1) {
    const upcast = codec.upcasters?.[from];
    expect({ type, from, upcaster: typeof upcast }).toEqual({ type, from, upcaster: 'function' });
    json = upcast!(json);
    expect(violationOf(json, from + 1)).toEqual(fine);
  }
  const data = codec.decode(json);
  const encoded = codec.encode(data);
  const again = JSON.parse(JSON.stringify(encoded)) as JsonObject;
  expect({ file: sample.file, data: again }).toEqual({ file: sample.file, data: json });
  // Who follows the log live decodes what was encoded, who reads it back decodes the JSON of it: one and the same.
  expect({ file: sample.file, live: codec.decode(encoded) }).toStrictEqual({
    file: sample.file,
    live: codec.decode(again),
  });
  return data;
}

function samplesOf(directory: string): Golden[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const { data } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as {
        readonly data: JsonObject;
      };
      return { file, data };
    });
}
