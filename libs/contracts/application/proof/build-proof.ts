import type { EventLog, JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { canonicalJson, sha256Hex } from '#libs/signatures/canonical/index.js';
import { MOST_PROOF_BYTES, type ProvedEvent, type ReleaseProof } from '../../contract/proof.js';
import { historyOf, streamOf } from './history.js';
import type { ProofSchemas } from './proof-schemas.js';
import { readableOf } from './readable.js';

export interface ProofSources {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly schemas: ProofSchemas;
}

const PAYOUTS: ReadonlyMap<string, string> = new Map([
  ['FundsReleased', 'releaseId'],
  ['FundsRefunded', 'refundId'],
]);

/**
 * Everything that let the payout go, from the first event of the contract's stream to it. Whoever asks has been checked.
 *
 * @throws what the log throws, and ProofFault for a log that does not hold what it should
 */
export async function buildReleaseProof(
  { log, schemas }: ProofSources,
  contractId: ContractId,
  payoutId: string,
): Promise<Outcome<ReleaseProof, Rejection<'RELEASE_NOT_FOUND' | 'PROOF_TOO_LARGE'>>> {
  const found = await eventsUpTo(log, contractId, payoutId);
  if (found === 'tooLarge') return TOO_LARGE;
  if (!found) return NOT_FOUND;
  const { events, position } = found;
  const { payout, ...readable } = readableOf(historyOf(events, contractId, schemas));
  const last = events.at(-1)!;
  const body: Omit<ReleaseProof, 'digest'> = {
    format: 'sluice.release-proof.v1',
    ...readable,
    payout: { ...payout, position },
    events,
    headHash: last.hash,
    revision: last.revision,
  };
  const proof = { ...body, digest: digestOf(body) };
  return Buffer.byteLength(JSON.stringify(proof)) > MOST_PROOF_BYTES
    ? TOO_LARGE
    : { accepted: true, value: proof };
}

/** @throws NotCanonical */
export function digestOf(body: object): string {
  return sha256Hex(canonicalJson(body, { maxBytes: MOST_PROOF_BYTES }));
}

async function eventsUpTo(
  log: Pick<EventLog, 'readStream'>,
  contractId: ContractId,
  payoutId: string,
): Promise<{ readonly events: readonly ProvedEvent[]; readonly position: string } | 'tooLarge' | undefined> {
  const events: ProvedEvent[] = [];
  let size = 0;
  for await (const page of log.readStream(streamOf(contractId))) {
    for (const recorded of page) {
      const event = provedOf(recorded);
      size += event.data.length + event.metadata.length;
      if (size > MOST_PROOF_BYTES) return 'tooLarge';
      events.push(event);
      if (paidAs(recorded) === payoutId) return { events, position: recorded.position };
    }
  }
  return undefined;
}

function provedOf({ revision, id, type, data, metadata }: RecordedEvent): ProvedEvent {
  const { hash, ...rest } = metadata;
  return {
    revision,
    id,
    type,
    data: JSON.stringify(data),
    metadata: JSON.stringify(rest),
    hash: String(hash),
  };
}

/** Id of what the stored event pays out. */
function paidAs({ type, data }: { readonly type: string; readonly data: JsonObject }): unknown {
  const member = PAYOUTS.get(type.slice(0, type.indexOf('.')));
  return member === undefined ? undefined : data[member];
}

const NOT_FOUND = {
  accepted: false,
  rejection: { code: 'RELEASE_NOT_FOUND', message: 'The contract has paid nothing out under this id.' },
} as const;

const TOO_LARGE = {
  accepted: false,
  rejection: {
    code: 'PROOF_TOO_LARGE',
    message: `The history up to the payout needs more than ${MOST_PROOF_BYTES} bytes.`,
  },
} as const;
