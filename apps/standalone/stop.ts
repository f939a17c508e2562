import type { INestApplication } from '@nestjs/common';
import type { Gateway } from '#apps/gateway/gateway.js';
import type { FrontDoor } from '#apps/gateway/http/front-door.js';
import type { Readiness } from '#libs/observability/index.js';
import type { Institution } from './institution/institution.js';
import type { Stores } from './stores.js';

/** For answers under way to reach their clients, milliseconds. */
const CONNECTIONS_END_MS = 3_000;

export interface Stoppable {
  readonly readiness: Readiness;
  readonly front: FrontDoor;
  readonly gateway: Gateway;
  readonly finishers: readonly { stop(): Promise<void> }[];
  readonly app: INestApplication;
  readonly stores: Stores;
  readonly institution: Pick<Institution, 'stop'>;
}

/** Whoever is served is served to the end; then what feeds the stores, then the stores. */
export async function stopInOrder({
  readiness,
  front,
  gateway,
  finishers,
  app,
  stores,
  institution,
}: Stoppable): Promise<void> {
  readiness.drain();
  const closed = front.close();
  await gateway.drain();
  front.server.closeIdleConnections();
  const patience = setTimeout(() => front.server.closeAllConnections(), CONNECTIONS_END_MS);
  await closed;
  clearTimeout(patience);
  await Promise.all(finishers.map((finisher) => finisher.stop()));
  await gateway.close();
  // Reactions under way end while everything they need is there.
  await stores.consumers.stop();
  // Ends the import jobs as well.
  await app.close();
  await institution.stop();
  await stores.close();
}
