import { Inject, Injectable, Logger } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { DONE, Sweeper, type Swept } from '#libs/event-log/consumers/sweeper.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId, isUuid, type ContractId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, DECIDER_STORE, EVENT_LOG, RUNTIME } from '#libs/runtime/port/tokens.js';
import { massRefundAggregate } from '../../codec/index.js';
import { REGIONS, type Regions } from '../../contract/templates.js';
import {
  LIVE_CONTRACTS,
  OPEN_MASS_REFUNDS,
  type KnownMassRefund,
  type LiveContractList,
  type MassRefundCommand,
  type MassRefundId,
  type OpenMassRefund,
  type OpenMassRefunds,
  type Round,
  type WoundUp,
} from '../../domain/mass-refund/index.js';
import { leftAs, windUp, type WindUpParts } from './wind-up.js';

const ACTOR = 'system:mass-refund';
/** Contracts per page, which is one event. */
const PER_PAGE = 250;
/** Contracts wound up at a time: enough to fill the log's batches. */
const AT_ONCE = 32;
/** A walk that finds something to do is followed by another; nothing new may be made by then. */
const MOST_ROUNDS = 10;
/** How long the view may take to come as far as the log before the job pauses, ms. */
const LONGEST_LAG_MS = 30_000;

/** What the walk reads. */
@Injectable()
export class MassRefundParts {
  constructor(
    @Inject(LIVE_CONTRACTS) readonly live: LiveContractList,
    @Inject(OPEN_MASS_REFUNDS) readonly open: OpenMassRefunds,
    @Inject(CONSUMERS) readonly consumers: Pick<Consumers, 'status' | 'waitFor'>,
    @Inject(EVENT_LOG) readonly log: Pick<EventLog, 'lastPosition'>,
  ) {}
}

/**
 * Walks over the live contracts of an organisation and winds them up. Where the walk stands and what it did lies in the mass
 * refund's stream; a killed process repeats at most one page, and a repeated contract answers as the first time.
 */
@Injectable()
export class MassRefundJobs extends Sweeper<OpenMassRefund> {
  readonly #logger = new Logger('MassRefundJobs');
  readonly #running = new Map<MassRefundId, Promise<Swept>>();
  readonly #windUp: WindUpParts;
  #stopped = false;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly world: Runtime,
    @Inject(REGIONS) regions: Regions,
    @Inject(MassRefundParts) private readonly parts: MassRefundParts,
  ) {
    const work = {
      name: 'mass refund',
      view: 'mass-refunds',
      idleSince: (...[moment, limit, after]: Parameters<OpenMassRefunds['idleSince']>) =>
        parts.open.idleSince(moment, limit, after),
      idOf: ({ massRefundId }: OpenMassRefund) => massRefundId,
      // A walk takes seconds: neither the start of the program nor the next look waits for it.
      finish: (id: string) => {
        this.wake(asId(id));
        return Promise.resolve(UNDER_WAY);
      },
    };
    super(work, parts.consumers, world);
    this.#windUp = { store, regions, runtime: world };
  }

  override start(): Promise<void> {
    this.#stopped = false;
    return super.start();
  }

  /** Lets the page under way become durable; the walk goes on after the next start. */
  override async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#running.values());
    await super.stop();
  }

  /** Begins soon; what goes wrong is found by a later sweep. */
  wake(massRefundId: MassRefundId): void {
    this.run(massRefundId).catch((error: unknown) =>
      this.#logger.warn(`Mass refund ${massRefundId} pauses: ${String(error)}`),
    );
  }

  /** As far as it goes; joins the run under way. */
  run(massRefundId: MassRefundId): Promise<Swept> {
    const running = this.#running.get(massRefundId);
    if (running) return running;
    const run = this.#run(massRefundId).finally(() => this.#running.delete(massRefundId));
    this.#running.set(massRefundId, run);
    return run;
  }

  async #run(massRefundId: MassRefundId): Promise<Swept> {
    const refund = await this.#load(massRefundId);
    if (refund?.status !== 'running') return DONE;
    const round = refund.place?.round ?? 1;
    let left = round === 'left';
    for (let walk = left ? MOST_ROUNDS : Number(round); !left && walk <= MOST_ROUNDS; walk += 1) {
      await this.#viewsCaughtUp();
      const woundUp = await this.#walk(massRefundId, walk);
      if (woundUp === undefined) return PAUSED;
      // A first walk is followed by another: contracts may have been made while it went on.
      left = woundUp === 0 && walk > 1;
    }
    await this.#viewsCaughtUp();
    if ((await this.#walk(massRefundId, 'left')) === undefined) return PAUSED;
    await this.#decide(massRefundId, 'complete', { kind: 'complete', at: this.world.clock.now() });
    return DONE;
  }

  /** One walk from where it stands; how many were wound up, or `undefined` when the process is stopping. */
  async #walk(massRefundId: MassRefundId, round: Round): Promise<number | undefined> {
    let refund = await this.#load(massRefundId);
    if (!refund) return 0;
    let after = refund.place?.round === round ? refund.place.after : null;
    let woundUp = 0;
    for (;;) {
      if (this.#stopped) return undefined;
      const ids = await this.parts.live.page(liveIn(refund, round), { after, limit: PER_PAGE });
      const last = ids.at(-1);
      if (last === undefined) return woundUp;
      const outcomes = await this.#page(refund, round, ids);
      woundUp += outcomes.length;
      after = last;
      if (outcomes.length === 0) continue;
      const at = this.world.clock.now();
      refund = await this.#decide(massRefundId, `page ${refund.pages}`, {
        kind: 'record',
        round,
        after,
        outcomes,
        at,
      });
    }
  }

  /** What was done to the contracts of a page, in their order. What could not be done is for the last walk to note. */
  async #page(
    refund: KnownMassRefund,
    round: Round,
    ids: readonly ContractId[],
  ): Promise<readonly WoundUp[]> {
    const outcomes = new Map<ContractId, WoundUp>();
    const queue = ids.values();
    const worker = async (): Promise<void> => {
      for (const id of queue) {
        const outcome =
          round === 'left' ? await leftAs(this.#windUp, refund, id) : await windUp(this.#windUp, refund, id);
        if (outcome && (round === 'left' || outcome.code === null)) outcomes.set(id, outcome);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return ids.flatMap((id) => outcomes.get(id) ?? []);
  }

  async #viewsCaughtUp(): Promise<void> {
    const position = await this.parts.log.lastPosition();
    if (position !== undefined) await this.parts.consumers.waitFor(position, LONGEST_LAG_MS);
  }

  async #load(massRefundId: MassRefundId): Promise<KnownMassRefund | undefined> {
    if (!isUuid(massRefundId)) return undefined;
    const { state } = await this.store.load(massRefundAggregate, massRefundId);
    return state.status === 'absent' ? undefined : state;
  }

  async #decide(
    massRefundId: MassRefundId,
    step: string,
    command: MassRefundCommand,
  ): Promise<KnownMassRefund> {
    const known = await this.#load(massRefundId);
    if (!known) throw new Error(`Mass refund ${massRefundId} is missing.`);
    const commandId = deriveUuid(UUID_NAMESPACES.command, massRefundId, step);
    const context = {
      commandId,
      correlationId: massRefundId,
      actor: ACTOR,
      tenant: known.tenant,
      at: command.at,
    };
    const { state } = await this.store.run(massRefundAggregate, massRefundId, command, {
      ...context,
      replayEvents: false,
    });
    if (state.status === 'absent') throw new Error(`Mass refund ${massRefundId} is missing.`);
    return state;
  }
}

const UNDER_WAY: Swept = { done: false, reason: 'under way' };
const PAUSED: Swept = { done: false, reason: 'the process is stopping' };

/** Those being wound up already are counted by the first walk; later ones look for what has come since. */
function liveIn({ tenant, organisationId, authorityId }: KnownMassRefund, round: Round) {
  const open = ['drafted', 'awaitingFunding', 'active'] as const;
  const statuses =
    round === 1 ? ([...open, 'closing'] as const) : round === 'left' ? ([...open, 'frozen'] as const) : open;
  return { tenant, organisationId, authorityId, statuses };
}
