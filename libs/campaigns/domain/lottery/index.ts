export type { LotteryHash } from './hash.js';
export { amountsOf, awardsOf, budgetOf, type AwardAmounts } from './shares.js';
export {
  commitmentOf,
  faultsOfDraw,
  signUpsDigest,
  ticketsOf,
  winnersAmong,
  winnersOf,
  type Draw,
  type DrawFault,
  type DrawnPlace,
  type PublishedDraw,
  type Ticket,
} from './draw.js';
