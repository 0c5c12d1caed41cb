import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

const qm = new URL('../../bin/qm.js', import.meta.url).pathname;
const sandboxMain = new URL('../../../sandbox/src/main.ts', import.meta.url).pathname;

export type Finished = { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string };
export type Running = {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has written to standard output so far. */
  readonly said: () => string;
  readonly ended: () => boolean;
};

/** Starts the real `qm`, as a process of its own. */
export function startQm(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  return start([qm, ...args], environment);
}

/** Runs the real `qm` to its end. */
export async function runQm(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return startQm(args, environment).finished;
}

export type SandboxProcess = { readonly portFile: string; readonly controlUrl: string; stop(): Promise<void> };

/** Starts the sandboxes in a process of their own, and waits until they answer. */
export async function startSandboxes(args: readonly string[]): Promise<SandboxProcess> {
  const folder = temporaryFolder();
  const portFile = join(folder.path, 'ports.json');
  const running = start(['--conditions=quartermaster-source', sandboxMain, '--port-file', portFile, ...args], {});
  while (!existsSync(portFile)) {
    const ended = await Promise.race([running.finished, wait(50)]);
    if (ended !== undefined) throw new Error(`the sandboxes did not come up: ${ended.err}`);
  }
  const { controlUrl } = z.object({ controlUrl: z.string() }).parse(JSON.parse(readFileSync(portFile, 'utf8')));
  return {
    portFile,
    controlUrl,
    async stop() {
      running.process.kill('SIGTERM');
      await running.finished;
      folder.remove();
    },
  };
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'quartermaster-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = once(child, 'close').then((): Finished => ({ code: child.exitCode, signal: child.signalCode, out, err }));
  return { process: child, finished, said: () => out, ended: () => child.exitCode !== null || child.signalCode !== null };
}
