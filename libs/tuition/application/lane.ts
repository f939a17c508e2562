/** At most so many acts at a time, over as many lists as are handed in, in their order. */
export class Lane {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private readonly lists = new Set<Promise<void>>();

  constructor(limit: number) {
    this.free = limit;
  }

  /**
   * Runs `act` for each item. After the first failure no further item of this list is begun; it is thrown when those under
   * way have ended. Nobody need await the promise at once.
   */
  each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
    const list = this.run(items, act);
    this.lists.add(list);
    const forget = (): void => void this.lists.delete(list);
    list.then(forget, forget);
    return list;
  }

  /** Resolves when every list has ended, well or not. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.lists);
  }

  private async run<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    const acts: Promise<void>[] = [];
    for (const item of items) {
      if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
      else this.free -= 1;
      if (failures.length > 0) {
        this.release();
        break;
      }
      acts.push(
        act(item)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => this.release()),
      );
    }
    await Promise.all(acts);
    if (failures.length > 0) throw failures[0];
  }

  /** A place goes to who has waited longest, or becomes free. */
  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
