/** Rows are numbered below 2^32; 0 marks an empty slot. */
const FIRST_SLOTS = 1 << 12;

/**
 * Remembers a number for each of very many ids at 12 bytes a slot, where a Map of strings takes over 100: a million-row
 * file is judged in some 50 MB. Ids are UUIDs made of a hash; 64 of their bits are kept, so that two different ids among
 * a million meet with a probability of 3 × 10^-8.
 */
export class HashTable {
  private slots = FIRST_SLOTS;
  private keys = new Uint32Array(FIRST_SLOTS * 2);
  private values = new Uint32Array(FIRST_SLOTS);
  private used = 0;

  /** What is remembered for the id, or `undefined`. */
  get(id: string): number | undefined {
    const value = this.values[this.slotOf(high(id), low(id))]!;
    return value === 0 ? undefined : value;
  }

  /** Remembers `value` (1 to 2^32 − 1) unless the id is known; answers what was known. */
  putIfAbsent(id: string, value: number): number | undefined {
    const [hi, lo] = [high(id), low(id)];
    const slot = this.slotOf(hi, lo);
    const known = this.values[slot]!;
    if (known !== 0) return known;
    this.keys[slot * 2] = hi;
    this.keys[slot * 2 + 1] = lo;
    this.values[slot] = value;
    this.used += 1;
    if (this.used * 2 > this.slots) this.grow();
    return undefined;
  }

  get size(): number {
    return this.used;
  }

  private slotOf(hi: number, lo: number): number {
    const mask = this.slots - 1;
    let slot = lo & mask;
    while (this.values[slot] !== 0 && (this.keys[slot * 2] !== hi || this.keys[slot * 2 + 1] !== lo)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const { keys, values, slots } = this;
    this.slots = slots * 2;
    this.keys = new Uint32Array(this.slots * 2);
    this.values = new Uint32Array(this.slots);
    for (let index = 0; index < slots; index += 1) {
      const value = values[index]!;
      if (value === 0) continue;
      const slot = this.slotOf(keys[index * 2]!, keys[index * 2 + 1]!);
      this.keys[slot * 2] = keys[index * 2]!;
      this.keys[slot * 2 + 1] = keys[index * 2 + 1]!;
      this.values[slot] = value;
    }
  }
}

/** First and last 32 bits of a UUID; neither holds its version or variant. */
function high(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8), 16) >>> 0;
}

function low(uuid: string): number {
  return Number.parseInt(uuid.slice(28), 16) >>> 0;
}

/** FNV-1a over UTF-16 code units, never 0. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0 || 1;
}
