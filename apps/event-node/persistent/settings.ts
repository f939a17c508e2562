import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import type { RawFilter } from '#libs/event-log/sqlite/engine-api.js';
import { revisionNumber, streamNameOf } from '../wire/expected-revision.js';
import { failure, invalidArgument } from '../wire/failures.js';
import { wireFilterOf } from '../wire/filter.js';
import type { WireFilter } from '../wire/filter.js';
import { status } from '@grpc/grpc-js';

export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What a group is told at its creation or update; stored as JSON. Times in milliseconds. */
export interface GroupSettings {
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
  readonly messageTimeoutMs: number;
  readonly maxRetryCount: number;
  readonly checkpointAfterMs: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0: no bound. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: Strategy;
  /** First revision, or position in $all, of interest (inclusive). */
  readonly startFrom: number | 'start' | 'end';
}

/** `$all` or a stream, and the group's name: what identifies a group. */
export interface GroupKey {
  readonly source: string;
  readonly group: string;
}

/** A group as it is stored. */
export interface GroupConfig extends GroupKey {
  readonly settings: GroupSettings;
  readonly filter?: RawFilter;
  readonly checkpointEvery?: number;
  /** Where the group starts without a checkpoint (exclusive): `end` is fixed when the group is made, lest a restart moves it. */
  readonly startAfter: number | 'start';
}

export const ALL = '$all';

/** Ticks of 100 ns per millisecond. */
const TICKS_PER_MS = 10_000;
/** uint64's largest, by which older forms of the request say "end". */
const END_REVISION = '18446744073709551615';

type Options = CreateReq.Options | UpdateReq.Options;

export function keyOf(options: Options): GroupKey {
  const group = options.getGroupName();
  if (group === '') throw invalidArgument('The request names no group.');
  if (options.hasAll()) return { source: ALL, group };
  return {
    source: streamNameOf(options.getStream()?.getStreamIdentifier() ?? options.getStreamIdentifier()),
    group,
  };
}

/** @throws Failure INVALID_ARGUMENT */
export function settingsOf(options: Options): GroupSettings {
  const sent = options.getSettings();
  if (!sent) throw invalidArgument('The request has no settings.');
  const timeoutMs = sent.hasMessageTimeoutTicks()
    ? Number(sent.getMessageTimeoutTicks()) / TICKS_PER_MS
    : sent.getMessageTimeoutMs();
  const checkpointAfterMs = sent.hasCheckpointAfterTicks()
    ? Number(sent.getCheckpointAfterTicks()) / TICKS_PER_MS
    : sent.getCheckpointAfterMs();
  return {
    resolveLinks: sent.getResolveLinks(),
    extraStatistics: sent.getExtraStatistics(),
    messageTimeoutMs: timeoutMs,
    maxRetryCount: sent.getMaxRetryCount(),
    checkpointAfterMs,
    minCheckpointCount: sent.getMinCheckpointCount(),
    maxCheckpointCount: sent.getMaxCheckpointCount(),
    maxSubscriberCount: sent.getMaxSubscriberCount(),
    liveBufferSize: sent.getLiveBufferSize(),
    readBatchSize: sent.getReadBatchSize(),
    historyBufferSize: sent.getHistoryBufferSize(),
    strategy: strategyOf(sent),
    startFrom: startFromOf(options),
  };
}

function strategyOf(sent: CreateReq.Settings | UpdateReq.Settings): Strategy {
  const named = 'getConsumerStrategy' in sent ? sent.getConsumerStrategy() : '';
  if (named !== '') {
    const strategy = STRATEGIES.find((known) => known === named);
    if (!strategy) throw invalidArgument(`There is no consumer strategy "${named}".`);
    return strategy;
  }
  switch (sent.getNamedConsumerStrategy()) {
    case persistent.CreateReq.ConsumerStrategy.DISPATCHTOSINGLE:
      return 'DispatchToSingle';
    case persistent.CreateReq.ConsumerStrategy.PINNED:
      return 'Pinned';
    default:
      return 'RoundRobin';
  }
}

function startFromOf(options: Options): number | 'start' | 'end' {
  const all = options.getAll();
  if (all) {
    const position = all.getPosition();
    if (position) return revisionNumber(position.getCommitPosition());
    return all.hasEnd() ? 'end' : 'start';
  }
  const stream = options.getStream();
  if (stream?.hasStart()) return 'start';
  if (stream?.hasEnd()) return 'end';
  const revision = stream?.hasRevision()
    ? stream.getRevision()
    : (options.getSettings()?.getRevision() ?? '0');
  if (revision === END_REVISION) return 'end';
  return revision === '0' ? 'start' : revisionNumber(revision);
}

/** Only creation carries a filter; an update keeps it. */
export function filterOf(options: CreateReq.Options): WireFilter | undefined {
  const filter = options.getAll()?.getFilter();
  return filter ? wireFilterOf(filter) : undefined;
}

export function subscriptionId({ source, group }: GroupKey): string {
  return `${source}::${group}`;
}

export function checkpointStreamOf(key: GroupKey): string {
  return `$persistentsubscription-${subscriptionId(key)}-checkpoint`;
}

export function parkedStreamOf(key: GroupKey): string {
  return `$persistentsubscription-${subscriptionId(key)}-parked`;
}

export type GroupFailure = 'exists' | 'does-not-exist' | 'dropped' | 'failed' | 'full';

const GROUP_FAILURES = {
  exists: [status.ALREADY_EXISTS, 'persistent-subscription-exists', 'There is such a group already.'],
  'does-not-exist': [status.NOT_FOUND, 'persistent-subscription-does-not-exist', 'There is no such group.'],
  dropped: [status.CANCELLED, 'persistent-subscription-dropped', 'The group dropped this subscription.'],
  failed: [status.INTERNAL, 'persistent-subscription-failed', 'The group failed.'],
  full: [
    status.FAILED_PRECONDITION,
    'maximum-subscribers-reached',
    'The group has all the subscribers it may have.',
  ],
} as const;

export function groupFailure(kind: GroupFailure, key: GroupKey, reason?: string) {
  const [code, exception, details] = GROUP_FAILURES[kind];
  return failure(code, reason ?? details, {
    exception,
    'stream-name': key.source,
    'group-name': key.group,
    reason: kind === 'failed' ? (reason ?? details) : undefined,
  });
}
