import { originalOf } from '../wire/read-responses.js';
import { hasRoom } from './consumer.js';
import type { Consumer, Message } from './consumer.js';
import type { Strategy } from './settings.js';

/** Chooses who gets a message; undefined when nobody can take it now. */
export interface ConsumerStrategy {
  choose(consumers: readonly Consumer[], message: Message): Consumer | undefined;
  /** Whether another message may have better luck when this one finds nobody. */
  readonly selective: boolean;
}

export function strategyOf(strategy: Strategy): ConsumerStrategy {
  switch (strategy) {
    case 'RoundRobin':
      return roundRobin();
    case 'DispatchToSingle':
      return {
        selective: false,
        choose: (consumers, message) => consumers.find((one) => hasRoom(one, message)),
      };
    case 'Pinned':
      return pinned((message) => (message.resolved.event ?? originalOf(message.resolved)).stream);
    case 'PinnedByCorrelation':
      return pinned(correlationOf);
    default:
      return strategy satisfies never;
  }
}

function roundRobin(): ConsumerStrategy {
  let turn = 0;
  return {
    selective: false,
    choose(consumers, message) {
      for (let i = 0; i < consumers.length; i += 1) {
        const consumer = consumers[(turn + i) % consumers.length]!;
        if (!hasRoom(consumer, message)) continue;
        turn = (turn + i + 1) % consumers.length;
        return consumer;
      }
      return undefined;
    },
  };
}

/** Messages with the same key go to the same consumer as long as the set of consumers stays the same. */
function pinned(keyOf: (message: Message) => string): ConsumerStrategy {
  return {
    selective: true,
    choose(consumers, message) {
      const consumer = consumers[fnv1a(keyOf(message)) % consumers.length];
      return consumer && hasRoom(consumer, message) ? consumer : undefined;
    },
  };
}

/** `$correlationId` of the metadata; the stream for events without one. */
function correlationOf(message: Message): string {
  const event = message.resolved.event ?? originalOf(message.resolved);
  try {
    const metadata = JSON.parse(Buffer.from(event.metadata).toString('utf8')) as {
      $correlationId?: unknown;
    } | null;
    if (typeof metadata?.$correlationId === 'string') return metadata.$correlationId;
  } catch {
    // Metadata need not be JSON.
  }
  return event.stream;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
