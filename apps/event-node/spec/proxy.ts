import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A network between client and node that can be cut, or swallow what the node says. */
export class Proxy {
  readonly connectionString: string;
  /** Bytes from the node are thrown away while this is set; the connection looks alive. */
  swallowing = false;
  /** Nothing is taken from the client while this is set, until its connection is cut. */
  clogged = false;
  connections = 0;
  /** Bytes the node has sent. */
  received = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {
    this.connectionString = `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`;
    server.on('connection', (client) => this.join(client));
  }

  static async to(port: number): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Proxy(server, port);
  }

  /** Connections open now. */
  get open(): number {
    return this.sockets.size / 2;
  }

  /** From now on new connections go to another port; 0 refuses them. */
  aimAt(port: number): void {
    this.target = port;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.target === 0) {
      client.destroy();
      return;
    }
    this.connections += 1;
    const upstream = connect(this.target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (this.clogged) client.pause();
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      this.received += bytes.length;
      if (!this.swallowing) client.write(bytes);
    });
  }
}
