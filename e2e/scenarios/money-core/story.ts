import type { Client } from 'graphql-ws';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { Person } from '../person.js';
import { Steps } from '../steps.js';
import { BankWindow } from './bank-window.js';
import { School } from './school.js';

const NAMES = ['bursar', 'clerk', 'supervisor', 'payer', 'payer2', 'ops', 'auditor'] as const;
type Name = (typeof NAMES)[number];

export interface StoryOptions {
  readonly url: string;
  /** Of the product that answers there: tokens are made and the bank is found by what lies in it. */
  readonly dataDir: string;
  readonly tell: (line: string) => void;
}

/** One run of the whole: everybody who takes part, and what they have done so far. */
export class Story extends Steps {
  readonly #sockets: Client[] = [];
  readonly #people = new Map<Name, Person>();
  #school: School | undefined;
  #bank: BankWindow | undefined;

  private constructor(
    readonly url: string,
    tell: (line: string) => void,
  ) {
    super(tell);
  }

  static async open({ url, dataDir, tell }: StoryOptions): Promise<Story> {
    const story = new Story(url.replace(/\/+$/, ''), tell);
    for (const name of NAMES) {
      const token = await mintDemoToken(name, { dataDir, port: Number(new URL(url).port || 80) });
      story.#people.set(name, new Person(story.url, token, (socket) => story.#sockets.push(socket)));
    }
    story.#bank = await BankWindow.open(dataDir);
    story.#school = await School.of(story);
    return story;
  }

  /** Terms are as they were before the run. */
  async close(): Promise<void> {
    await this.#school?.close();
    this.#bank?.close();
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.dispose()));
  }

  get school(): School {
    return this.#school!;
  }
  get bank(): BankWindow {
    return this.#bank!;
  }
  get bursar(): Person {
    return this.#people.get('bursar')!;
  }
  get clerk(): Person {
    return this.#people.get('clerk')!;
  }
  get supervisor(): Person {
    return this.#people.get('supervisor')!;
  }
  get payer(): Person {
    return this.#people.get('payer')!;
  }
  get payer2(): Person {
    return this.#people.get('payer2')!;
  }
  get ops(): Person {
    return this.#people.get('ops')!;
  }
  get auditor(): Person {
    return this.#people.get('auditor')!;
  }
}
