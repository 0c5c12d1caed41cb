import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { daemonOutcomeSchema, stageSchema, vendorsOutcomeSchema } from './messages.ts';
import type { DaemonJob, DaemonOutcome, SandboxesJob, Stage, VendorsOutcome } from './messages.ts';

const ownNode = ['--conditions=quartermaster-source'];

export type SandboxesProcess = { readonly stage: Stage; stop(): Promise<VendorsOutcome> };

/** Starts the sandboxes in a process of their own, and waits until they answer. */
export async function startSandboxes(job: SandboxesJob): Promise<SandboxesProcess> {
  const child = spawn(process.execPath, [...ownNode, join(import.meta.dirname, 'sandboxes-process.ts'), JSON.stringify(job)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the sandboxes ended before their time');
    return JSON.parse(line.value) as unknown;
  };
  return {
    stage: stageSchema.parse(await next()),
    async stop() {
      child.stdin.end();
      return vendorsOutcomeSchema.parse(await next());
    },
  };
}

/** Lets a daemon live the day in a process of its own. Its log lines go to a file, as those of a daemon do. */
export async function liveInOwnProcess(job: DaemonJob): Promise<DaemonOutcome> {
  const place = join(job.folder, 'job.json');
  const log = join(job.folder, 'daemon.log');
  writeFileSync(place, JSON.stringify(job));
  const child = spawn(process.execPath, [...ownNode, join(import.meta.dirname, 'daemon-process.ts'), place], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  child.stdout.pipe(createWriteStream(log));
  await ended(child);
  return daemonOutcomeSchema.parse(JSON.parse(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? ''));
}

export type Folder = { readonly path: string; remove(): void };

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'qm-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`a process of the bench ended with ${child.exitCode ?? child.signalCode}`);
}
