import { parentPort, workerData } from 'node:worker_threads';
import { perform, workplaceOf, type Job, type SharedBatch } from './work.ts';

// What a thread of `threads` runs: jobs come in lists, and each list is answered once.
const batch: SharedBatch = workerData;
const place = workplaceOf(batch);
parentPort?.on('message', (jobs: readonly Job[]) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ done: jobs.map((job) => perform(place, job)) });
});
