import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ticksPerSecond = 100;

/** CPU seconds that a PostgreSQL server of the tests has used so far, with those of its processes that have ended; null for any other server. */
export function serverCpuSeconds(url: string): number | null {
  const folder = new URL(url).searchParams.get('host');
  const file = folder === null ? null : join(folder, 'data', 'postmaster.pid');
  if (file === null || !existsSync(file)) return null;
  const server = Number(readFileSync(file, 'utf8').split('\n')[0]);
  let ticks = 0;
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const fields = statOf(pid);
    if (fields === null || (pid !== server && fields[1] !== server)) continue;
    // utime and stime; of the server's first process also those of its children that have ended.
    for (const field of pid === server ? [11, 12, 13, 14] : [11, 12]) ticks += fields[field] ?? 0;
  }
  return ticks / ticksPerSecond;
}

/** The fields of `/proc/PID/stat` behind the name, the state first; null for a process that has gone. */
function statOf(pid: number): number[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
}
