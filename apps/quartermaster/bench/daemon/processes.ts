import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
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

export type DaemonProcess = {
  /** Waits for a log line that has this event, and gives it. */
  said(event: string): Promise<Readonly<Record<string, unknown>>>;
  /** Tells a daemon that lives by the machine's time to stop. */
  stop(): void;
  /** What it comes to at its end. */
  readonly outcome: Promise<DaemonOutcome>;
};

/** Starts a daemon in a process of its own. Its log lines go to a file, as those of a daemon do. */
export function startDaemon(job: DaemonJob): DaemonProcess {
  const name = join(job.folder, `daemon-${(daemons += 1)}`);
  writeFileSync(`${name}.json`, JSON.stringify(job));
  const child = spawn(process.execPath, [...ownNode, join(import.meta.dirname, 'daemon-process.ts'), `${name}.json`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const log = createWriteStream(`${name}.log`);
  let waiting: { readonly event: string; readonly told: (line: Readonly<Record<string, unknown>>) => void }[] = [];
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.write(`${line}\n`);
    if (line !== '') last = line;
    const met = waiting.filter(({ event }) => line.includes(`"event":"${event}"`));
    if (met.length === 0) return;
    waiting = waiting.filter((each) => !met.includes(each));
    const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(line));
    for (const { told } of met) told(fields);
  });
  return {
    said: (event) => new Promise((told) => void waiting.push({ event, told })),
    stop: () => void child.stdin.end(),
    outcome: ended(child).then(() => daemonOutcomeSchema.parse(JSON.parse(last))),
  };
}

let daemons = 0;

export type Folder = Disposable & { readonly path: string };

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'qm-bench-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`a process of the bench ended with ${child.exitCode ?? child.signalCode}`);
}
