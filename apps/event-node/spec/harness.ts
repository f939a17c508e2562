import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { JSONEventData } from '@eventstore/db-client';
import { openLogEngine } from '#libs/event-log/sqlite/index.js';
import type { LogEngine } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { startEventNode } from '../node.js';
import type { EventNode, NodeOptions } from '../node.js';

/** A folder for one spec, removed at its end. */
export interface TempDir {
  readonly path: string;
  remove(): void;
}

export function tempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), 'sluice-event-node-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A node in this process. */
export interface LocalNode extends EventNode {
  readonly engine: LogEngine;
}

export async function localNode(dir: string, options: Partial<NodeOptions> = {}): Promise<LocalNode> {
  const runtime = systemRuntime();
  const engine = await openLogEngine({ file: join(dir, 'events.db') }, runtime);
  const node = await startEventNode({ engine, runtime, host: '127.0.0.1', port: 0, ...options });
  const close = async () => {
    await node.close();
    await engine.close();
  };
  return { ...node, engine, close };
}

/** A node as users run it: built, in a process of its own. */
export interface ChildNode {
  readonly connectionString: string;
  readonly port: number;
  readonly firstLine: string;
  /** Kills without a warning; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks to stop; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface ChildOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = fileURLToPath(new URL('../../../dist/apps/event-node/main.js', import.meta.url));

export async function childNode(dir: string, options: ChildOptions = {}): Promise<ChildNode> {
  const child = spawn(
    process.execPath,
    [MAIN, '--port', String(options.port ?? 0), '--data-dir', dir, ...(options.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const firstLine = await lineOf(child, exited);
  const connectionString = /esdb:\S+/.exec(firstLine)![0];
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    connectionString,
    port: Number(new URL(connectionString.replace('esdb:', 'http:')).port),
    firstLine,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function lineOf(child: ChildProcess, exited: Promise<unknown>): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
    });
    void exited.then((code) => reject(new Error(`The node ended with ${String(code)}: ${errors}`)));
  });
}

/** The client as it comes, for what the EventLog port does not reach. */
export function rawClient(connectionString: string): EventStoreDBClient {
  return EventStoreDBClient.connectionString(connectionString);
}

/** Ends a client's streams and connection: `dispose` alone keeps the process alive. */
export async function closeClient(client: EventStoreDBClient): Promise<void> {
  await client.dispose();
  (await client['getChannel']()).close();
}

export function event(type: string, data: Record<string, unknown> = {}): JSONEventData {
  return jsonEvent({ id: randomUUID(), type, data, metadata: { by: 'spec' } }) as JSONEventData;
}

export function events(count: number, type = 'Counted.v1', first = 0): JSONEventData[] {
  return Array.from({ length: count }, (_, i) => event(type, { n: first + i }));
}

/** A stream name of its own for every use. */
export function streamName(category = 'case'): string {
  return `${category}-${randomUUID()}`;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('It was expected to be refused.');
}

/** Polls until the condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Everything an iteration brings. */
export async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
