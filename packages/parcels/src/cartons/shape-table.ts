import { fitsInside, volumeOf, type Shape, type Sides } from './shapes.ts';

/** Shapes as flat arrays: the lies of shape `s` are those from `firstLie[s]` to before `firstLie[s + 1]`, three numbers each in `sides`. */
export type ShapeTable = {
  readonly box: Sides;
  readonly firstLie: Int32Array;
  readonly sides: Int32Array;
  readonly volume: Float64Array;
  readonly fragile: Uint8Array;
  /** The shortest side of each shape in any lie, along each axis. */
  readonly shortest: Int32Array;
  readonly units: Int32Array;
  readonly unitCount: number;
  /** The longest side of each shape. */
  readonly longest: Int32Array;
};

/** The lies that do not fit the box are left out; a shape without any makes the table null, as nothing can be filled then. */
export function tableOf(box: Sides, shapes: readonly Shape[]): ShapeTable | null {
  const firstLie = new Int32Array(shapes.length + 1);
  const sides: number[] = [];
  const shortest = new Int32Array(shapes.length * 3);
  for (const [index, { lies }] of shapes.entries()) {
    const fitting = lies.filter((lie) => fitsInside(lie, box));
    if (fitting.length === 0) return null;
    for (const lie of fitting) sides.push(...lie);
    firstLie[index + 1] = sides.length / 3;
    for (let axis = 0; axis < 3; axis++) shortest[index * 3 + axis] = Math.min(...fitting.map((lie) => lie[axis]!));
  }
  return {
    box,
    firstLie,
    sides: Int32Array.from(sides),
    volume: Float64Array.from(shapes, ({ lies }) => volumeOf(lies[0]!)),
    fragile: Uint8Array.from(shapes, ({ fragile }) => (fragile ? 1 : 0)),
    shortest,
    units: Int32Array.from(shapes, ({ units }) => units),
    unitCount: shapes.reduce((sum, { units }) => sum + units, 0),
    longest: Int32Array.from(shapes, ({ lies }) => Math.max(...lies[0]!)),
  };
}
