import { createHash } from 'node:crypto';
import { seededRandom } from '@quartermaster/connector-kit/sandbox';

/** Chance that a seed decides. Each subject has a stream of its own, so that one that is left out does not change what befalls the others. */
export type Chance = {
  /** From 0 to 1. */
  readonly number: () => number;
  /** A whole number from `from` to `to`, both possible. */
  readonly between: (from: number, to: number) => number;
  readonly happens: (probability: number) => boolean;
  readonly oneOf: <Item>(items: readonly [Item, ...Item[]]) => Item;
  readonly bytes: (size: number) => Uint8Array;
};

/** The stream of a subject under a seed. */
export function chanceOf(seed: number, subject: string): Chance {
  const number = seededRandom(createHash('sha256').update(`${seed}/${subject}`).digest().readUInt32LE());
  const between = (from: number, to: number) => from + Math.floor(number() * (to - from + 1));
  return {
    number,
    between,
    happens: (probability) => number() < probability,
    oneOf: (items) => items[between(0, items.length - 1)] ?? items[0],
    bytes: (size) => Uint8Array.from({ length: size }, () => between(0, 255)),
  };
}
