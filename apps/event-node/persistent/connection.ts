import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import type { ServerDuplexStream, handleBidiStreamingCall } from '@grpc/grpc-js';
import { Outgoing } from '../services/outgoing.js';
import { streamNameOf } from '../wire/expected-revision.js';
import { invalidArgument } from '../wire/failures.js';
import { persistentConfirmation, persistentEventResponse } from '../wire/read-responses.js';
import { uuidOf } from '../wire/uuid.js';
import type { Consumer, Message } from './consumer.js';
import type { Group, NackAction } from './group.js';
import type { PersistentSubscriptions } from './groups.js';
import { ALL } from './settings.js';
import type { GroupKey } from './settings.js';

type Call = ServerDuplexStream<ReadReq, ReadResp>;

/** Buffer size of a client that names none; the most it may name. */
const DEFAULT_BUFFER_SIZE = 10;
const LARGEST_BUFFER_SIZE = 10_000;

const ACTIONS: Readonly<Record<number, NackAction>> = {
  [persistent.ReadReq.Nack.Action.PARK]: 'park',
  [persistent.ReadReq.Nack.Action.RETRY]: 'retry',
  [persistent.ReadReq.Nack.Action.SKIP]: 'skip',
  [persistent.ReadReq.Nack.Action.STOP]: 'stop',
};

/** Read of a persistent subscription: the options first, then acknowledgements and refusals, while messages come back. */
export function connectHandler(groups: PersistentSubscriptions): handleBidiStreamingCall<ReadReq, ReadResp> {
  return (call: Call) => {
    const out = new Outgoing(call as unknown as ServerDuplexStream<never, ReadResp>);
    let member: { readonly group: Group; readonly consumer: Consumer } | undefined;
    const leave = () => member?.group.disconnect(member.consumer);
    out.signal.addEventListener('abort', leave);
    call.on('data', (request: ReadReq) => {
      try {
        const options = request.getOptions();
        if (options) {
          if (member) throw invalidArgument('The subscription is open already.');
          const group = groups.find(keyOf(options));
          member = { group, consumer: consumerOf(call, out, group, options) };
          group.connect(member.consumer).catch((error: unknown) => {
            group.disconnect(member!.consumer);
            out.fail(error);
          });
        } else if (member) {
          answer(member.group, member.consumer, request);
        } else {
          throw invalidArgument('The first message must carry the options.');
        }
      } catch (error) {
        out.fail(error);
      }
    });
    call.on('end', () => {
      leave();
      out.end();
    });
  };
}

function keyOf(options: ReadReq.Options): GroupKey {
  const group = options.getGroupName();
  return options.hasAll()
    ? { source: ALL, group }
    : { source: streamNameOf(options.getStreamIdentifier()), group };
}

function consumerOf(call: Call, out: Outgoing<ReadResp>, group: Group, options: ReadReq.Options): Consumer {
  const structuredUuids = options.getUuidOption()?.hasStructured() ?? false;
  const [connectionName] = call.metadata.get('connection-name');
  return {
    bufferSize: Math.min(options.getBufferSize() || DEFAULT_BUFFER_SIZE, LARGEST_BUFFER_SIZE),
    inFlight: new Map(),
    peer: call.getPeer(),
    connectionName: connectionName ? String(connectionName) : '',
    username: usernameOf(call),
    connectedAtMs: Date.now(),
    totalItems: 0,
    confirm: () => out.write(persistentConfirmation(group.id)),
    send: ({ resolved, retryCount }: Message) => {
      out.write(persistentEventResponse(resolved, retryCount, { structuredUuids }));
    },
    drop: (reason) => out.fail(reason),
  };
}

function usernameOf(call: Call): string {
  const [header] = call.metadata.get('authorization');
  if (typeof header !== 'string') return 'anonymous';
  return (
    Buffer.from(header.split(' ')[1] ?? '', 'base64')
      .toString('utf8')
      .split(':')[0] ?? ''
  );
}

function answer(group: Group, consumer: Consumer, request: ReadReq): void {
  const ack = request.getAck();
  if (ack) group.ack(consumer, ack.getIdsList().map(uuidOf));
  const nack = request.getNack();
  if (!nack) return;
  // EventStoreDB treats an unknown action as "try again".
  const action = ACTIONS[nack.getAction()] ?? 'retry';
  group.nack(consumer, nack.getIdsList().map(uuidOf), action, nack.getReason());
}
