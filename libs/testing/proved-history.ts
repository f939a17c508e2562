/** Contracts with genuine hashes and signatures, played by moves drawn at random; for specs of release proofs. */
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  documentHashOf,
  partySignatureBytes,
  statementHashOf,
  templateHashOf,
} from '#libs/contracts/application/hashes.js';
import { contractAggregate, contractEvents } from '#libs/contracts/codec/index.js';
import type { Contract, ContractState } from '#libs/contracts/domain/release-contract/index.js';
import type {
  ContractCommand,
  ContractEvent,
  PartySignature,
} from '#libs/contracts/domain/release-contract/messages.js';
import type { ParameterValue, ParameterValues } from '#libs/contracts/domain/template/types.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import {
  encodePosition,
  type EventLog,
  type JsonObject,
  type RecordedEvent,
} from '#libs/event-log/port/index.js';
import { GENESIS_HASH, linkEvent } from '#libs/event-log/runner/hash-chain.js';
import { asId, isUuid, type PaymentId } from '#libs/kernel/ids/index.js';
import { keyIdOf, sha256Hex } from '#libs/signatures/canonical/index.js';
import { act, CONTRACT_ID, type Move } from './contract-search/act.js';
import { movesOf } from './contract-search/moves.js';
import { opening } from './contract-search/opening.js';
import type { Setup } from './contract-search/setup.js';
import { terminalKey } from './terminal-key.js';

const TERMINALS = [terminalKey(1), terminalKey(2), terminalKey(3)];
const STREAM = `contract-${CONTRACT_ID}`;
/** What every move that reveals a secret reveals. */
const SECRET = '00';

const partyKey = generateKeyPairSync('ed25519');
const partyPublic = Buffer.from(partyKey.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

/** The setup with keys that can sign and a secret that is known. */
export function genuineSetup(setup: Setup): Setup {
  return { ...setup, params: genuineParams(setup.params, setup) };
}

function genuineParams(params: ParameterValues, { template }: Setup): ParameterValues {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]): [string, ParameterValue] => {
      const type = template.params[name]?.type;
      if (type === 'hash') return [name, sha256Hex(SECRET)];
      return [name, type === 'keys' ? TERMINALS.map(({ key }) => key) : value];
    }),
  );
}

export interface PlayedHistory {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly payouts: readonly string[];
}

/** One history by the moves of these numbers, whatever they are; what is refused changes nothing. */
export function play(setup: Setup, choices: readonly number[]): PlayedHistory {
  const moves: readonly Move[] = [...movesOf(setup), ...otherMoves(setup)];
  const tape = new Tape();
  let nowMs = Date.parse(setup.start);
  for (const command of opening(setup)) tape.decide(command);
  for (const choice of choices) {
    const move = moves[choice % moves.length]!;
    const stand = { nowMs, events: tape.events };
    nowMs = move.at ? move.at(stand) : nowMs + 1_000;
    for (const command of move.commands({ nowMs, events: tape.events })) tape.decide(command);
  }
  return { log: tape.log(), payouts: tape.payouts };
}

/** What the search leaves out: to bring it about takes several moves in a row. */
function otherMoves(setup: Setup): readonly Move[] {
  const { funding, roles } = setup.template;
  const signer = Object.keys(roles).find((role) => roles[role]!.signs === true)!;
  return [
    {
      name: 'propose an amendment and withdraw it',
      commands: ({ events, nowMs }) => {
        const amendmentId = `withdrawn-${events.length}`;
        const { template, params } = setup;
        const proposal = { template, templateHash: '', params, reason: 'none', docHash: '' };
        return [
          act(setup, signer, nowMs, { kind: 'proposeAmendment', amendmentId, ...proposal }),
          act(setup, signer, nowMs, { kind: 'withdrawAmendment', amendmentId }),
        ];
      },
    },
    {
      name: 'reserve and release',
      commands: ({ events, nowMs }) => {
        const paymentId = uuidOf(asId<'payment'>(`released-${events.length}`));
        return [
          act(setup, funding.from, nowMs, { kind: 'reserveFunding', paymentId, amount: 1n }),
          act(setup, funding.from, nowMs, { kind: 'releaseFunding', paymentId }),
        ];
      },
    },
    {
      name: 'close by authority',
      commands: ({ nowMs }) => [
        act(setup, 'system', nowMs, {
          kind: 'closeByAuthority',
          overrideId: 'override-1',
          reason: 'CLOSURE',
        }),
      ],
    },
  ];
}

/** Decides, and writes down as the log would. */
class Tape {
  readonly events: ContractEvent[] = [];
  readonly payouts: string[] = [];
  readonly #stored: RecordedEvent[] = [];
  #state: ContractState = contractAggregate.decider.initial;
  #previous = GENESIS_HASH;
  #commands = 0;

  decide(asked: ContractCommand): void {
    const command = genuine(asked, this.#state);
    const decision = contractAggregate.decider.decide(command, this.#state);
    if (!decision.accepted) return;
    this.#commands += 1;
    for (const [index, event] of decision.events.entries()) {
      this.#state = contractAggregate.decider.evolve(this.#state, event);
      this.#store(event, index);
    }
  }

  log(): PlayedHistory['log'] {
    const stored = this.#stored;
    return {
      async *readStream() {
        yield stored;
      },
    };
  }

  #store(event: ContractEvent, index: number): void {
    const revision = this.#stored.length;
    const type = `${event.type}.v1`;
    const data = encoded(event);
    const metadata = {
      commandId: deriveUuid(UUID_NAMESPACES.command, String(this.#commands)),
      correlationId: 'correlation-1',
      actor: 'somebody',
      tenant: 'tenant-1',
      organisation: 'school-1',
      at: event.data.at,
    };
    const content = {
      streamJson: JSON.stringify(STREAM),
      type,
      dataJson: JSON.stringify(data),
      metadataJson: JSON.stringify(metadata),
    };
    const { id, hash } = linkEvent(this.#previous, { index, revision }, content);
    this.#previous = hash;
    this.events.push(event);
    if (event.type === 'FundsReleased') this.payouts.push(event.data.releaseId);
    if (event.type === 'FundsRefunded') this.payouts.push(event.data.refundId);
    const place = { stream: STREAM, revision, position: encodePosition(revision), recordedAt: event.data.at };
    this.#stored.push({ id, type, data, metadata: { ...metadata, hash }, ...place });
  }
}

function encoded({ type, data }: ContractEvent): JsonObject {
  const codec = contractEvents.types[type] as { encode(data: ContractEvent['data']): JsonObject };
  return JSON.parse(JSON.stringify(codec.encode(data))) as JsonObject;
}

function genuine(command: ContractCommand, state: ContractState): ContractCommand {
  if (command.kind === 'draft') {
    const templateHash = templateHashOf(command.template);
    return { ...command, templateHash, docHash: documentHashOf({ ...command, templateHash }) };
  }
  return state.status === 'absent' ? command : genuineAct(command, state);
}

function genuineAct(command: ContractCommand, state: Contract): ContractCommand {
  const { contractId, parties, template, params } = state;
  switch (command.kind) {
    case 'sign':
      return { ...command, signature: signatureOf(command, contractId, state.docHash) };
    case 'attest': {
      const { statement, signatures } = command;
      const signed = TERMINALS.slice(0, signatures.length).map((terminal) => terminal.sign(statement));
      return { ...command, statementHash: statementHashOf(statement), signatures: signed };
    }
    case 'proposeAmendment': {
      const changed = { ...params, ...amountsOf(command.params, params) };
      const templateHash = templateHashOf(template);
      const { amendmentId } = command;
      const docHash = documentHashOf({ contractId, amendmentId, templateHash, params: changed, parties });
      return { ...command, template, templateHash, params: changed, docHash };
    }
    case 'signAmendment':
      return {
        ...command,
        signature: signatureOf(command, contractId, state.amendment?.docHash ?? state.docHash),
      };
    case 'reserveFunding':
    case 'releaseFunding':
      return { ...command, paymentId: uuidOf(command.paymentId) };
    case 'deposit': {
      const { source } = command;
      if (source.kind !== 'payment') return command;
      return { ...command, source: { ...source, paymentId: uuidOf(source.paymentId) } };
    }
    case 'reveal':
      return { ...command, preimage: SECRET, preimageHash: sha256Hex(SECRET) };
    default:
      return command;
  }
}

function uuidOf(paymentId: PaymentId): PaymentId {
  return isUuid(paymentId)
    ? paymentId
    : asId<'payment'>(deriveUuid(UUID_NAMESPACES.entity, 'payment', paymentId));
}

/** Keys stay as they are. */
function amountsOf(asked: ParameterValues, params: ParameterValues): ParameterValues {
  return Object.fromEntries(
    Object.entries(asked).filter(
      ([name]) => typeof params[name] === 'string' && params[name] !== asked[name],
    ),
  );
}

/** Every second role signs with a key of its own. */
function signatureOf(
  { role }: { readonly role: string },
  contractId: Contract['contractId'],
  docHash: string,
): PartySignature {
  if (role.length % 2 === 0) return { keyId: `account-${role}`, alg: 'account', docHash, sig: '' };
  return {
    keyId: keyIdOf(partyPublic),
    alg: 'Ed25519',
    docHash,
    sig: sign(null, partySignatureBytes({ contractId, role, docHash }), partyKey.privateKey).toString(
      'base64url',
    ),
    publicKey: partyPublic.toString('base64url'),
  };
}
