import { cpus, loadavg } from 'node:os';

/** What the figures of a run were measured on. */
export function machine(): string {
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${load}`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
