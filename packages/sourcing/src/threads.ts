import { Worker } from 'node:worker_threads';
import type { Crew, Helper } from './crew.ts';
import type { Done, Job, SharedBatch } from './work.ts';

/**
 * A crew of threads of Node for `solve`: `solve(problem, { crew: threads(1) })` uses two cores.
 * The plan is the same with any number of them, also when some cannot be started or die.
 */
export function threads(helpers: number): Crew {
  return { helpers, start: startThread };
}

/** What the thread says: it has done what it was asked. */
interface Told {
  readonly done: readonly Done[];
}

/** What pricing leaves behind is dead at once: a larger nursery costs memory and saves no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

function startThread(batch: SharedBatch): Helper {
  // The sources run as they are; what is built from them has the other ending.
  const file = import.meta.url.endsWith('.ts') ? './thread-worker.ts' : './thread-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: batch, execArgv: [], resourceLimits });
  const waiting: { readonly tell: (done: readonly Done[]) => void; readonly fail: (why: Error) => void }[] = [];
  let gone: Error | undefined;
  const end = (why: Error): void => {
    gone ??= why;
    for (const each of waiting.splice(0)) each.fail(why);
  };
  worker.on('message', ({ done }: Told) => waiting.shift()?.tell(done));
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('The thread has ended.')));
  // An idle thread does not keep the process alive; one that is waited for does.
  worker.unref();
  return {
    perform: async (jobs: readonly Job[]) => {
      if (gone !== undefined) throw gone;
      worker.ref();
      try {
        return await new Promise<readonly Done[]>((tell, fail) => {
          waiting.push({ tell, fail });
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
          worker.postMessage(jobs);
        });
      } finally {
        worker.unref();
      }
    },
    dismiss: () => void worker.terminate(),
  };
}
