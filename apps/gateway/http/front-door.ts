import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server as NetServer } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A handler by the start of the path; the first that fits is taken. */
export interface Route {
  readonly prefix: string;
  readonly methods?: readonly string[];
  readonly handle: HttpHandler;
}

export interface FrontDoorOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Absent: both loopback addresses, because the demo's passwords are public. */
  readonly host?: string;
  /** Origins whose pages may call us; empty: none but our own. */
  readonly allowedOrigins: readonly string[];
}

/** Whoever opens a connection and says nothing is not waited for. */
const HEADERS_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 10_000;

/** Express as Nest brings it, on a server that listens already. */
class ServerAdapter extends ExpressAdapter {
  constructor(private readonly server: Server) {
    super();
  }

  override initHttpServer(_options: NestApplicationOptions): void {
    this.httpServer = this.server;
  }
}

/**
 * The HTTP server. It listens before the stores are open, so that a taken port is known at once and probes get an answer;
 * until `open` everything but /health/live is told to come back.
 */
export class FrontDoor {
  readonly server: Server;
  /** Nest's door into this server; everything that is no route goes through it. */
  readonly adapter: ExpressAdapter;
  #loopbackV6: NetServer | undefined;
  #routes: readonly Route[] | undefined;

  constructor(private readonly options: FrontDoorOptions) {
    this.server = createServer(
      { headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: 15_000 },
      (request, response) => this.#enter(request, response),
    );
    this.server.maxConnections = MAX_CONNECTIONS;
    this.adapter = new ServerAdapter(this.server);
    this.adapter.disable('x-powered-by');
  }

  /** @throws Error with `code` EADDRINUSE and the like */
  async listen(): Promise<number> {
    const { port, host } = this.options;
    await listening(this.server, port, host ?? '127.0.0.1');
    const actual = (this.server.address() as AddressInfo).port;
    if (!host) await this.#alsoOnLoopbackV6(actual);
    return actual;
  }

  /** Lets requests in: to the routes first, else to Express. */
  open(routes: readonly Route[]): void {
    this.#routes = routes;
  }

  /** No new connections; resolves when the last one has ended. Idle ones are ended at once. */
  async close(): Promise<void> {
    this.#loopbackV6?.close();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
  }

  /** `localhost` means ::1 to some clients; one server cannot listen on two addresses, but it takes connections from another. */
  async #alsoOnLoopbackV6(port: number): Promise<void> {
    const second = createNetServer((socket) => this.server.emit('connection', socket));
    try {
      await listening(second, port, '::1');
      this.#loopbackV6 = second;
    } catch {
      // No IPv6 on this machine.
    }
  }

  #enter(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#routes) {
      const live = request.url === '/health/live';
      response.writeHead(live ? 200 : 503, {
        'retry-after': '1',
        'content-type': 'text/plain; charset=utf-8',
      });
      response.end(live ? 'ok\n' : 'starting\n');
      return;
    }
    if (this.options.allowedOrigins.length > 0 && this.#answeredPreflight(request, response)) return;
    const url = request.url ?? '/';
    const route = this.#routes.find(
      ({ prefix, methods }) => fits(url, prefix) && (!methods || methods.includes(request.method ?? '')),
    );
    if (route) route.handle(request, response);
    else (this.adapter.getInstance() as HttpHandler)(request, response);
  }

  #answeredPreflight(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    response.setHeader('vary', 'Origin');
    if (!origin || !this.options.allowedOrigins.includes(origin)) return false;
    response.setHeader('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') return false;
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT');
    response.setHeader('access-control-allow-headers', 'authorization, content-type, accept-language');
    response.setHeader('access-control-max-age', '600');
    response.writeHead(204).end();
    return true;
  }
}

function fits(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charAt(prefix.length);
  return next === '' || next === '/' || next === '?';
}

function listening(server: Server | NetServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
