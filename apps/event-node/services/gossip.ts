import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { Server, handleUnaryCall } from '@grpc/grpc-js';

/** Gossip of a cluster of one: this node is the leader, at the address the client has just called. */
export function addGossip(server: Server, instanceId: string): void {
  const read: handleUnaryCall<Empty, ClusterInfo> = (call, reply) => {
    const { address, port } = endpointOf(call.getHost());
    const id = new shared.UUID();
    id.setString(instanceId);
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress(address);
    endpoint.setPort(port);
    const member = new gossip.MemberInfo();
    member.setInstanceId(id);
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    // Unix epoch in ticks of 100 ns.
    member.setTimeStamp(`${Date.now()}0000`);
    member.setHttpEndPoint(endpoint);
    const cluster = new gossip.ClusterInfo();
    cluster.addMembers(member);
    reply(null, cluster);
  };
  server.addService(GossipService, { read });
}

function endpointOf(authority: string): { address: string; port: number } {
  const url = new URL(`http://${authority}`);
  return { address: url.hostname, port: Number(url.port || 80) };
}
