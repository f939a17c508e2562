import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import { encodePosition, type JsonObject, type RecordedEvent } from '#libs/event-log/port/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { tillEvents, tillSchemaDocuments, tillSchemas, type TillEvent } from '#libs/testing/till.js';
import {
  buildCatalogue,
  CatalogueError,
  deriveUuid,
  eventSchemas,
  EventSchemaViolation,
  type EventSchemas,
  SEALED,
  UndecodableEvent,
  UnknownEventType,
  UUID_NAMESPACES,
} from './index.js';

const runtime = manualRuntime();
const catalogue = buildCatalogue([tillEvents], { schemas: tillSchemas, rng: runtime.rng, checks: true });

function recorded(type: string, data: JsonObject): RecordedEvent {
  return {
    id: '00000000-0000-8000-8000-000000000000',
    type,
    data,
    metadata: { commandId: 'c' },
    stream: 'till-1',
    revision: 3,
    position: encodePosition(16),
    recordedAt: '2026-09-01T00:00:00.000Z',
  };
}

const named: TillEvent = {
  type: 'OwnerNamed',
  data: { ownerId: 's1', owner: { name: '王小明', phone: '13800000000' } },
};
const key = new Uint8Array(32).fill(7);
const keys = new Map([['s1' as SubjectId, key]]);

describe('catalogue', () => {
  it('encodes to the newest stored type and decodes back', () => {
    const event: TillEvent = { type: 'CashDeposited', data: { amountFen: 140950n, note: 'fees' } };
    const encoded = catalogue.encode(event);
    expect(encoded).toEqual({
      type: 'CashDeposited.v2',
      data: { amount: '140950', note: 'fees' },
      subject: undefined,
    });
    const stored = recorded(encoded.type, encoded.data);
    expect(catalogue.decode(stored)).toEqual({
      event,
      id: stored.id,
      stream: 'till-1',
      revision: 3,
      position: stored.position,
      recordedAt: stored.recordedAt,
      metadata: stored.metadata,
    });
  });

  it('upcasts by the stored name', () => {
    expect(catalogue.decode(recorded('CashDeposited.v1', { amount: '5' })).event).toEqual({
      type: 'CashDeposited',
      data: { amountFen: 5n, note: '' },
    });
  });

  it('stops at an unknown type, an unknown version included', () => {
    for (const type of ['CashDeposited.v3', 'TillBurnt.v1', 'CashDeposited']) {
      expect(() => catalogue.decode(recorded(type, {}))).toThrow(UnknownEventType);
    }
  });

  it('says which event cannot be read', () => {
    expect(() => catalogue.decode(recorded('TillOpened.v1', { limit: 'many' }))).toThrow(UndecodableEvent);
  });

  it('refuses data that does not meet its schema, without repeating the data', () => {
    const broken: TillEvent = { type: 'CashDeposited', data: { amountFen: -5n, note: '' } };
    expect(() => catalogue.encode(broken)).toThrow(
      new EventSchemaViolation('CashDeposited.v2', '/amount must match pattern "^\\d{1,18}$"'),
    );
    const unchecked = buildCatalogue([tillEvents], { schemas: tillSchemas, rng: runtime.rng, checks: false });
    expect(unchecked.encode(broken).data).toEqual({ amount: '-5', note: '' });
  });

  it('is not built without every schema, upcaster and a name of its own for each event', () => {
    const options = { rng: runtime.rng, checks: true };
    const schemas = eventSchemas(tillSchemaDocuments.filter(({ path }) => !path.includes('Deposited.v1')));
    expect(() => buildCatalogue([tillEvents], { ...options, schemas })).toThrow(
      new CatalogueError('schemas/events/testing/CashDeposited.v1.json is missing.'),
    );
    const other = { context: 'testing', types: { TillOpened: tillEvents.types.TillOpened } };
    expect(() => buildCatalogue([tillEvents, other], { ...options, schemas: tillSchemas })).toThrow(
      new CatalogueError('Two events are called TillOpened.'),
    );
    const { upcasters: _none, ...bare } = tillEvents.types.CashDeposited;
    const withoutUpcaster = { context: 'testing', types: { CashDeposited: bare } };
    expect(() => buildCatalogue([withoutUpcaster], { ...options, schemas: tillSchemas })).toThrow(
      new CatalogueError('CashDeposited has no upcaster from version 1.'),
    );
  });
});

describe('personal data', () => {
  it('is stored in an envelope only', () => {
    const encoded = catalogue.encode(named);
    expect(encoded.subject).toBe('s1');
    const stored = catalogue.seal(encoded, key);
    expect(stored).toEqual({
      ownerId: 's1',
      owner: {},
      [SEALED]: { subject: 's1', iv: expect.stringMatching(/^.{16}$/), data: expect.any(String) },
    });
    expect(catalogue.subjectsOf([recorded('OwnerNamed.v1', stored)])).toEqual(['s1']);
    expect(catalogue.decode(recorded('OwnerNamed.v1', stored), keys).event).toEqual(named);
  });

  it('reads as null once the key is gone, and is never written for an erased person', () => {
    const erased = { type: 'OwnerNamed', data: { ownerId: 's1', owner: { name: null, phone: null } } };
    const stored = catalogue.seal(catalogue.encode(named), key);
    expect(catalogue.decode(recorded('OwnerNamed.v1', stored)).event).toEqual(erased);
    const late = catalogue.seal(catalogue.encode(named), undefined);
    expect(late).toEqual({ ownerId: 's1', owner: {}, [SEALED]: { subject: 's1' } });
    expect(catalogue.decode(recorded('OwnerNamed.v1', late), keys).event).toEqual(erased);
  });

  it('has a fresh initialisation vector each time', () => {
    const ivs = Array.from({ length: 2_000 }, () => {
      const envelope = catalogue.seal(catalogue.encode(named), key)[SEALED] as { iv: string };
      return envelope.iv;
    });
    expect(new Set(ivs).size).toBe(2_000);
  });

  it('cannot be moved to another person or changed by a single bit', () => {
    const stored = catalogue.seal(catalogue.encode(named), key);
    const envelope = stored[SEALED] as { subject: string; iv: string; data: string };
    const moved = { ...stored, [SEALED]: { ...envelope, subject: 's2' } };
    const both = new Map([...keys, ['s2' as SubjectId, key]]);
    expect(() => catalogue.decode(recorded('OwnerNamed.v1', moved), both)).toThrow(UndecodableEvent);
    const bytes = Buffer.from(envelope.data, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const tampered = { ...stored, [SEALED]: { ...envelope, data: changed.toString('base64') } };
      expect(() => catalogue.decode(recorded('OwnerNamed.v1', tampered), keys)).toThrow(UndecodableEvent);
    }
  });

  it('round-trips any value at any marked path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, phone) => {
        const event: TillEvent = { type: 'OwnerNamed', data: { ownerId: 's1', owner: { name, phone } } };
        const stored = catalogue.seal(catalogue.encode(event), key);
        const text = JSON.parse(JSON.stringify(stored)) as JsonObject;
        expect(catalogue.decode(recorded('OwnerNamed.v1', text), keys).event).toEqual(event);
      }),
    );
  });

  it('refuses a mark that would have no effect', () => {
    const marked = { type: 'string', 'x-pii': true };
    const load = (path: string, rest: object): EventSchemas =>
      eventSchemas([{ path, schema: { $id: `https://x.invalid/${path}`, type: 'object', ...rest } }]);
    const inItems = { 'x-subject': '/id', properties: { names: { type: 'array', items: marked } } };
    expect(() => load('testing/A.v1.json', inItems)).toThrow('stands where it has no effect');
    expect(() => load('testing/A.v1.json', { properties: { name: marked } })).toThrow('needs "x-subject"');
    expect(() => load('testing/A.v1.json', { 'x-subject': '/id' })).toThrow('without any "x-pii"');
    expect(() => load('testing/A.v1.json', { 'x-subject': '/name', properties: { name: marked } })).toThrow(
      'cannot be sealed',
    );
    expect(() => load('common/person.json', { properties: { name: marked } })).toThrow(
      'not into a shared file',
    );
    expect(() =>
      eventSchemas([{ path: 'testing/A.v1.json', schema: { $id: 'https://x.invalid/B' } }]),
    ).toThrow('must end in');
  });

  it('follows local references', () => {
    const schema = {
      $id: 'https://x.invalid/testing/A.v1.json',
      'x-subject': '/payer/id',
      properties: { payer: { $ref: '#/$defs/person' } },
      $defs: {
        person: {
          type: 'object',
          properties: { id: { type: 'string' }, name: { type: 'string', 'x-pii': true } },
        },
      },
    };
    const schemas = eventSchemas([{ path: 'testing/A.v1.json', schema }]);
    expect(schemas.find('testing', 'A.v1')?.personal).toEqual({
      subject: ['payer', 'id'],
      paths: [['payer', 'name']],
    });
  });
});

describe('deriveUuid', () => {
  it('is a UUID of version 8 and depends on its names and their borders only', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        const id = deriveUuid(UUID_NAMESPACES.event, ...one);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(deriveUuid(UUID_NAMESPACES.event, ...one)).toBe(id);
        expect(deriveUuid(UUID_NAMESPACES.event, ...other) === id).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
        expect(deriveUuid(UUID_NAMESPACES.command, ...one)).not.toBe(id);
      }),
    );
  });

  it('never changes', () => {
    expect(deriveUuid(UUID_NAMESPACES.entity, 'bill', '2026')).toMatchInlineSnapshot(
      `"4eb61da4-7b4b-8e99-aa37-76ea67362fd3"`,
    );
  });
});
