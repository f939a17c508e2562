import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folders that hold our TypeScript. */
const SOURCE_FOLDERS = ['libs', 'apps', 'e2e', 'infra'];

export interface ToolOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a package's command, given as its path below node_modules, in `root`. A failing exit code is a result, not an error. */
export function runTool(root: string, script: string, args: readonly string[]): Promise<ToolOutput> {
  const command = [path.join(root, 'node_modules', script), ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

/** Reads a tool's JSON report; a tool that broke down says so on stderr instead. */
export function parseReport<T>(tool: string, output: ToolOutput): T {
  try {
    return JSON.parse(output.stdout) as T;
  } catch {
    throw new Error(`${tool} gave no report (code ${output.code})\n${output.stderr || output.stdout}`);
  }
}

export function sourceFolders(root: string): string[] {
  return SOURCE_FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
}
