import type { Sides } from '../cartons/shapes.ts';

/** Numbers from 0 to below 1 that look random and are the same for a seed (mulberry32). */
export function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A box cut into pieces by straight cuts through one piece at a time (guillotine cuts), all sides of all pieces then made smaller by so many percent and rounded down: so a packing exists. `any` cuts
 * any piece along any axis, which leaves pieces of very different sizes; `largest` cuts the largest piece across its longest side, which leaves similar ones and is harder to undo.
 */
export function cutBox(seed: number, box: Sides, pieces: number, slackPercent: number, which: 'any' | 'largest'): Sides[] {
  const next = numbersOf(seed);
  const made: [number, number, number][] = [[...box]];
  while (made.length < pieces) {
    const piece =
      which === 'any' ? made[Math.floor(next() * made.length)] : made.reduce((best, one) => (volume(one) > volume(best) ? one : best));
    if (piece === undefined) continue;
    const axis = which === 'any' ? Math.floor(next() * 3) : piece.indexOf(Math.max(...piece));
    const side = piece[axis] ?? 0;
    const at = Math.round(side * (0.2 + 0.6 * next()));
    if (side < 40) continue;
    const other: [number, number, number] = [...piece];
    other[axis] = side - at;
    piece[axis] = at;
    made.push(other);
  }
  const smaller = (side: number) => Math.floor((side * (100 - slackPercent)) / 100);
  return made.map(([length, width, height]) => [smaller(length), smaller(width), smaller(height)]);
}

function volume([length, width, height]: Sides): number {
  return length * width * height;
}
