import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of `crash-writer.ts`. */
export type Writer = {
  /** Resolves with the numbers acknowledged so far, once there are as many as asked for. */
  acknowledged(count: number): Promise<void>;
  /** Kills it without warning, waits for its end, and gives the last number that it had acknowledged. */
  kill(): Promise<number>;
};

export function startWriter(path: string, first: number): Writer {
  const program = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--conditions=quartermaster-source', program, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const lines = () => printed.split('\n').slice(0, -1);
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return {
    acknowledged: (count) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (lines().length >= count) resolve();
        };
        child.stdout?.on('data', look);
        child.once('close', () => reject(new Error(`the writer ended by itself after ${lines().length} facts`)));
        look();
      }),
    async kill() {
      child.kill('SIGKILL');
      await closed;
      return Number(lines().at(-1) ?? first - 1);
    },
  };
}
