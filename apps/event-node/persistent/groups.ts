import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { WireFilter } from '../wire/filter.js';
import { Checkpoint } from './checkpoint.js';
import { Group } from './group.js';
import { ParkedMessages } from './parked.js';
import { ALL, groupFailure, subscriptionId } from './settings.js';
import type { GroupConfig, GroupFailure, GroupKey, GroupSettings } from './settings.js';
import { GroupStore } from './store.js';

/** All groups of the node. Changes are durable before they are answered, and happen one after the other. */
export class PersistentSubscriptions {
  private readonly groups = new Map<string, Group>();
  private readonly store: GroupStore;
  private changing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly engine: LogEngine,
    private readonly runtime: Runtime,
  ) {
    this.store = new GroupStore(engine, runtime.ids);
  }

  /** @throws LogUnavailable, LogDamaged */
  static async open(engine: LogEngine, runtime: Runtime): Promise<PersistentSubscriptions> {
    const subscriptions = new PersistentSubscriptions(engine, runtime);
    for (const config of await subscriptions.store.load()) subscriptions.add(config);
    return subscriptions;
  }

  /** @throws Failure persistent-subscription-does-not-exist */
  find(key: GroupKey): Group {
    const group = this.groups.get(subscriptionId(key));
    if (!group) throw groupFailure('does-not-exist', key);
    return group;
  }

  /** The groups of one source, or all. */
  list(source?: string): readonly Group[] {
    return [...this.groups.values()].filter(
      (group) => source === undefined || group.config.source === source,
    );
  }

  /** @throws Failure persistent-subscription-exists */
  create(key: GroupKey, settings: GroupSettings, filter: WireFilter | undefined): Promise<void> {
    return this.change(async () => {
      if (this.groups.has(subscriptionId(key))) throw groupFailure('exists', key);
      const startAfter = await this.startAfter(key, settings.startFrom);
      const config: GroupConfig = { ...key, settings, startAfter, ...filter };
      await this.store.save([...this.configs(), config]);
      this.add(config);
    });
  }

  /** Drops the consumers; the group goes on from its checkpoint. @throws Failure persistent-subscription-does-not-exist */
  update(key: GroupKey, settings: GroupSettings): Promise<void> {
    return this.change(async () => {
      const group = this.find(key);
      const startAfter =
        settings.startFrom === group.config.settings.startFrom
          ? group.config.startAfter
          : await this.startAfter(key, settings.startFrom);
      const config: GroupConfig = { ...group.config, settings, startAfter };
      await this.store.save(this.configs().map((other) => (other === group.config ? config : other)));
      await group.stop('dropped', 'The group was updated.');
      this.add(config);
    });
  }

  /** @throws Failure persistent-subscription-does-not-exist */
  delete(key: GroupKey): Promise<void> {
    return this.change(async () => {
      const group = this.find(key);
      await this.store.save(this.configs().filter((other) => other !== group.config));
      this.groups.delete(subscriptionId(key));
      await group.stop('dropped', 'The group was deleted.');
      await new Checkpoint(this.engine, this.runtime.ids, key).delete();
      await new ParkedMessages(this.engine, this.runtime, key).delete();
    });
  }

  /** Drops all consumers; every group starts again from its checkpoint. */
  restart(): Promise<void> {
    return this.change(() =>
      this.stopAll('dropped', 'The subsystem was restarted.').then((all) =>
        all.forEach((config) => this.add(config)),
      ),
    );
  }

  /** Writes the checkpoints and drops the consumers. */
  close(): Promise<void> {
    return this.change(async () => {
      await this.stopAll('dropped', 'The node is stopping.');
    });
  }

  private async stopAll(failure: GroupFailure, reason: string): Promise<readonly GroupConfig[]> {
    const configs = this.configs();
    await Promise.all(this.list().map((group) => group.stop(failure, reason)));
    return configs;
  }

  private configs(): readonly GroupConfig[] {
    return this.list().map((group) => group.config);
  }

  private add(config: GroupConfig): void {
    const failed = (group: Group, reason: string) => {
      if (this.groups.get(group.id) === group) this.add(config);
      void group.stop('failed', reason);
    };
    this.groups.set(subscriptionId(config), new Group(config, this.engine, this.runtime, failed));
  }

  private change<Result>(act: () => Promise<Result>): Promise<Result> {
    const changed = this.changing.then(act);
    this.changing = changed.catch(() => undefined);
    return changed;
  }

  /** From "first of interest" to "last not of interest", with `end` made a place. */
  private async startAfter(key: GroupKey, from: GroupSettings['startFrom']): Promise<number | 'start'> {
    if (typeof from === 'number') return from === 0 ? 'start' : from - 1;
    if (from === 'start') return 'start';
    if (key.source === ALL) return this.engine.lastPosition();
    const page = await this.engine.readStream({
      stream: key.source,
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    return page.kind === 'page' ? page.lastRevision : 'start';
  }
}
