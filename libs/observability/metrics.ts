import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Consumers } from '#libs/event-log/consumers/types.js';

/** Seconds; fine around the target of 100 ms at the 99th percentile. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export interface GatewayMetrics {
  readonly registry: Registry;
  /** One GraphQL request over HTTP has been answered. */
  answered(status: number, durationMs: number): void;
}

export interface MetricSources {
  inFlight(): number;
  subscriptions(): number;
}

/** What `/metrics` shows, in Prometheus' text format. One registry per application, so that several can live in a process. */
export function gatewayMetrics(sources: MetricSources, consumers: Pick<Consumers, 'status'>): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'sluice_graphql_request_seconds',
    help: 'GraphQL requests over HTTP, by status',
    labelNames: ['status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  gauge(registry, { name: 'sluice_graphql_in_flight', help: 'GraphQL requests being answered' }, (of) =>
    of.set(sources.inFlight()),
  );
  gauge(registry, { name: 'sluice_subscriptions', help: 'Live subscriptions' }, (of) =>
    of.set(sources.subscriptions()),
  );
  consumerGauges(registry, consumers);
  return {
    registry,
    answered: (status, durationMs) => durations.labels(String(status)).observe(durationMs / 1_000),
  };
}

export interface CustodyReadings {
  readonly breaches: number;
  readonly apart: number;
}

/** Whether custody is what contracts say; zero both in sound books. */
export function custodyGauges(registry: Registry, read: () => CustodyReadings): void {
  gauge(
    registry,
    { name: 'sluice_custody_breaches', help: 'Events that set a contract and its custody account apart' },
    (of) => of.set(read().breaches),
  );
  gauge(
    registry,
    { name: 'sluice_custody_apart', help: 'Contracts whose custody account does not hold what they say' },
    (of) => of.set(read().apart),
  );
}

/** How long the timer of a release contract that waits longest has been due. */
export function contractClockGauge(registry: Registry, readMs: () => number): void {
  const name = 'sluice_contract_timer_overdue_seconds';
  gauge(registry, { name, help: 'Since when the longest waiting timer of a contract has been due' }, (of) =>
    of.set(readMs() / 1_000),
  );
}

interface GaugeDefinition {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

function gauge(
  registry: Registry,
  { name, help, labelNames = [] }: GaugeDefinition,
  read: (of: Gauge) => void,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      read(this);
    },
  });
}

type Status = ReturnType<Consumers['status']>[number];

function consumerGauges(registry: Registry, consumers: Pick<Consumers, 'status'>): void {
  const perConsumer = (name: string, help: string, value: (status: Status) => number): void =>
    gauge(registry, { name, help, labelNames: ['consumer'] }, (of) => {
      for (const status of consumers.status()) of.labels(status.name).set(value(status));
    });
  perConsumer(
    'sluice_consumer_lag_seconds',
    'Age of the last event applied, 0 when caught up',
    ({ lagMs }) => lagMs / 1_000,
  );
  perConsumer(
    'sluice_consumer_dead_letters',
    'Events that a consumer could not apply',
    ({ deadLetters }) => deadLetters,
  );
}
