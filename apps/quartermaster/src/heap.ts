import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's heap small in all threads of a process that solves, before the problem is read.
 *
 * The search makes millions of short-lived objects. V8 answers by making the part where objects are born 64 MB large, in each thread, which does not fit into the caches, and lets what dies
 * there late fill the old one until that has doubled. Measured on 100,000 orders and 50 nodes, 1,010 MB as V8 would have it, 920 MB with a small part for the
 * new, 780 MB where it also looks for what is dead whenever the old part has grown by half, which costs about a thirtieth of the processor time. On 1,000 and 10,000 orders neither costs time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
