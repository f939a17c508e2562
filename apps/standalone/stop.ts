import type { INestApplication } from '@nestjs/common';
import type { Gateway } from '#apps/gateway/gateway.js';
import type { FrontDoor } from '#apps/gateway/http/front-door.js';
import type { Readiness } from '#libs/observability/index.js';
import type { PaymentFinisher } from '#libs/payments/application/index.js';
import type { Stores } from './stores.js';

/** For answers under way to reach their clients, milliseconds. */
const CONNECTIONS_END_MS = 3_000;

export interface Stoppable {
  readonly readiness: Readiness;
  readonly front: FrontDoor;
  readonly gateway: Gateway;
  readonly finisher: PaymentFinisher;
  readonly app: INestApplication;
  readonly stores: Stores;
}

/** Whoever is served is served to the end; then what feeds the stores, then the stores. */
export async function stopInOrder({
  readiness,
  front,
  gateway,
  finisher,
  app,
  stores,
}: Stoppable): Promise<void> {
  readiness.drain();
  const closed = front.close();
  await gateway.drain();
  front.server.closeIdleConnections();
  const patience = setTimeout(() => front.server.closeAllConnections(), CONNECTIONS_END_MS);
  await closed;
  clearTimeout(patience);
  await finisher.stop();
  await gateway.close();
  // Ends the import jobs as well.
  await app.close();
  await stores.close();
}
