import { type Acknowledge, type Answer, type Attempt, perform } from './acts.js';
import { type GraphqlClient, Unanswered } from './graphql.js';
import { payAsQuoted } from './paying.js';
import { heard, nextAttempts, type Street } from './people.js';

export interface LoadParts {
  readonly client: GraphqlClient;
  readonly street: Street;
  /** Called as soon as the answer has arrived, before anything else. */
  readonly acknowledge: Acknowledge;
  readonly counts: Counts;
}

/** How often what was asked, said yes to, and refused. */
export class Counts {
  readonly #counts = new Map<string, { asked: number; yes: number; no: number }>();

  add(attempt: Attempt, what: 'asked' | 'yes' | 'no'): void {
    const name = nameOf(attempt);
    const known = this.#counts.get(name) ?? { asked: 0, yes: 0, no: 0 };
    known[what] += 1;
    this.#counts.set(name, known);
  }

  total(what: 'asked' | 'yes' | 'no'): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count[what], 0);
  }

  rows(): readonly {
    readonly name: string;
    readonly asked: number;
    readonly yes: number;
    readonly no: number;
  }[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, ...count }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** `payBills operator` */
function nameOf({ act, input }: Attempt): string {
  const { method } = input;
  return typeof method === 'object' && method !== null ? `${act} ${Object.keys(method).join()}` : act;
}

/** Requests under way at once. */
const IN_FLIGHT = 64;
/** Nothing to do it with: somebody else may do something in the meantime. */
const MOST_IDLE_TURNS = 200;

/** @returns what was left without an answer: it is not known whether it took effect */
export async function actUntil(parts: LoadParts, stopped: () => boolean): Promise<readonly Attempt[]> {
  const unanswered: Attempt[] = [];
  const tryOne = async (attempt: Attempt): Promise<void> => {
    try {
      await ask(parts, attempt);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      unanswered.push(attempt);
    }
  };
  const lane = async (): Promise<void> => {
    for (let idle = 0; !stopped() && idle < MOST_IDLE_TURNS; idle += 1) {
      const attempts = nextAttempts(parts.street);
      if (attempts.length > 0) idle = 0;
      await Promise.all(attempts.map(tryOne));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return unanswered;
}

/** Asks, remembers what the answer makes possible, and takes the step that follows from it. @throws what `perform` throws */
export async function ask(parts: LoadParts, asked: Attempt): Promise<void> {
  const attempt = await seen(parts, asked);
  if (!attempt) return;
  parts.counts.add(attempt, 'asked');
  const answer = await perform(parts.client, attempt, parts.acknowledge);
  parts.counts.add(attempt, answer ? 'yes' : 'no');
  if (!answer) return;
  heard(attempt, answer, parts.street);
  const next = nextOf(attempt, answer, parts.street.tokens.clerk);
  if (next) await ask(parts, next);
}

function nextOf(attempt: Attempt, answer: Answer, clerk: string): Attempt | undefined {
  const { id, total, digits } = answer;
  const { act, toPay, follow } = attempt;
  if (follow) return follow(answer);
  if (act === 'quotePayment' && id && total) return payAsQuoted(attempt, id, total);
  return digits && toPay
    ? { act: 'chargePayerCode', token: clerk, input: { ...toPay, code: digits } }
    : undefined;
}

/** Whoever decides on a request looks at it before. Not to be seen yet: it comes up again. */
async function seen({ client, street }: LoadParts, attempt: Attempt): Promise<Attempt | undefined> {
  const { approvalId, payloadHash } = attempt.input;
  if (attempt.act !== 'decideApproval' || payloadHash !== undefined) return attempt;
  const query = 'query($id: ID!) { approval(id: $id) { payloadHash } }';
  const { approval } = await client.ask<{ readonly approval: { readonly payloadHash: string } | null }>(
    attempt.token,
    query,
    { id: approvalId },
  );
  if (approval) return { ...attempt, input: { ...attempt.input, payloadHash: approval.payloadHash } };
  street.chances.approvals.push(String(approvalId));
  return undefined;
}
