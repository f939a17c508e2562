import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessDeniedError } from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import users from '@eventstore/db-client/generated/users_pb.js';
import { credentials, status } from '@grpc/grpc-js';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import { readConfig } from '../config.js';
import { selfSigned } from './certificate.js';
import {
  closeClient,
  event,
  events,
  gather,
  localNode,
  rawClient,
  rejection,
  streamName,
  tempDir,
} from './harness.js';
import type { LocalNode } from './harness.js';

describe('TLS with a user and a password', () => {
  const dir = tempDir();
  const { certificate, key } = selfSigned();
  const caFile = join(dir.path, 'ca.pem');
  let node: LocalNode;

  beforeAll(async () => {
    writeFileSync(caFile, certificate);
    node = await localNode(dir.path, {
      tls: { certificate: Buffer.from(certificate), key: Buffer.from(key) },
      credentials: { user: 'tuition', password: '壹贰:叁' },
    });
  });

  afterAll(async () => {
    await node.close();
    dir.remove();
  });

  const as = (login: string) =>
    `esdb://${login}127.0.0.1:${node.port}?tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;
  const right = encodeURIComponent('壹贰:叁');

  it('lets the right credentials do everything, through the client and through the port', async () => {
    const client = rawClient(as(`tuition:${right}@`));
    const stream = streamName();
    await client.appendToStream(stream, events(2));
    await client.appendToStream(stream, event('X'), {
      credentials: { username: 'tuition', password: '壹贰:叁' },
    });
    expect(await gather(client.readStream(stream))).toHaveLength(3);
    await closeClient(client);
    const log = new EventStoreDbEventLog({ connectionString: as(`tuition:${right}@`) });
    await log.ping();
    expect((await gather(log.readStream(stream))).flat()).toHaveLength(3);
    await log.close();
  });

  it.each([
    ['no credentials', '', status.PERMISSION_DENIED],
    ['a wrong password', 'tuition:wrong@', status.UNAUTHENTICATED],
    ['a wrong user', `other:${right}@`, status.UNAUTHENTICATED],
  ])('refuses %s everywhere, and stores nothing', async (_, login, code) => {
    const client = rawClient(as(login));
    const before = node.engine.lastPosition();
    const refused = [
      client.appendToStream(streamName(), event('X')),
      client.appendToStream(streamName(), event('X'), { credentials: { username: 'a', password: 'b' } }),
      gather(client.readAll()),
      client.deleteStream(streamName()),
      client.listAllPersistentSubscriptions(),
    ];
    for (const refusal of await Promise.all(refused.map(rejection)))
      expect(refusal).toBeInstanceOf(AccessDeniedError);
    expect(await rejection(gather(client.readAll()))).toMatchObject({ code });
    expect(node.engine.lastPosition()).toBe(before);
    await closeClient(client);
    const log = new EventStoreDbEventLog({ connectionString: as(login) });
    expect(await rejection(log.ping())).toMatchObject({ name: 'LogUnavailable' });
    await log.close();
  });

  it('does not speak to a client without TLS', async () => {
    const log = new EventStoreDbEventLog({ connectionString: `esdb://127.0.0.1:${node.port}?tls=false` });
    expect(await rejection(log.ping())).toMatchObject({ name: 'LogUnavailable' });
    await log.close();
  });
});

describe('a node without TLS', () => {
  const dir = tempDir();
  let node: LocalNode;

  beforeAll(async () => {
    node = await localNode(dir.path);
  });

  afterAll(async () => {
    await node.close();
    dir.remove();
  });

  it('is found by gossip as the leader, at the address asked', async () => {
    const gossip = new GossipClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
    const info = await new Promise((resolve, reject) => {
      gossip.read(new shared.Empty(), (error, cluster) =>
        error ? reject(error) : resolve(cluster!.toObject()),
      );
    });
    gossip.close();
    expect(info).toMatchObject({
      membersList: [{ state: 8, isAlive: true, httpEndPoint: { address: '127.0.0.1', port: node.port } }],
    });
    const client = rawClient(`esdb+discover://127.0.0.1:${node.port}?tls=false`);
    await client.appendToStream(streamName(), event('Found.v1'));
    await closeClient(client);
  });

  it('says of what it does not have that it is not implemented', async () => {
    const client = new UsersClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
    const refusal = await rejection(
      new Promise((resolve, reject) => {
        client.create(new users.CreateReq(), (error) => (error ? reject(error) : resolve(undefined)));
      }),
    );
    client.close();
    expect(refusal).toMatchObject({ code: status.UNIMPLEMENTED });
  });
});

describe('the configuration', () => {
  it('has defaults that reach no further than this machine', () => {
    expect(readConfig([], {})).toEqual({
      host: '127.0.0.1',
      port: 2113,
      dataDir: './data',
      tls: undefined,
      credentials: undefined,
    });
  });

  it('takes the environment, and flags before it', () => {
    const env = { SLUICE_EVENT_NODE_PORT: '3113', SLUICE_DATA_DIR: '/tmp/a' };
    expect(readConfig(['--port', '4113'], env)).toMatchObject({ port: 4113, dataDir: '/tmp/a' });
    expect(readConfig(['--help'], env)).toBe('help');
  });

  it.each([
    [['--port', 'x'], {}, /not a port/],
    [['--nonsense'], {}, /nonsense/],
    [[], { SLUICE_EVENT_NODE_USER: 'u', SLUICE_EVENT_NODE_PASSWORD: 'p' }, /needs TLS/],
    [[], { SLUICE_EVENT_NODE_USER: 'u' }, /needs a password/],
    [['--tls-cert', '/nowhere'], {}, /both a certificate and a key/],
    [['--tls-cert', '/nowhere', '--tls-key', '/nowhere'], {}, /cannot be read/],
  ])('refuses %j with %j', (argv, env, message) => {
    expect(() => readConfig(argv, env)).toThrow(message);
  });
});
