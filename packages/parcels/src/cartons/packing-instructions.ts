import { formatMoney } from '@quartermaster/domain';
import type { Carton, Cartonization, PackedUnit } from './cartonization.ts';

/**
 * What a packer reads: for each carton its box, and for each unit in the order of packing where it goes, seen by a person who stands before the long side of the box. Then what is left, and why.
 */
export function packingInstructions({ cartons, left }: Cartonization): string[] {
  return [
    ...cartons.flatMap((carton) => [heading(carton, cartons.length), ...carton.units.map((unit) => line(carton, unit))]),
    ...left.map(({ item, sku, units, reason }) => `Not packed: ${units} x ${sku} (line ${item}): ${reasons[reason]}.`),
  ];
}

const reasons: Readonly<Record<Cartonization['left'][number]['reason'], string>> = {
  'too-large': 'no box is large enough',
  'too-heavy': 'no box bears its weight',
  'not-carried': 'the carrier takes no box that holds it',
  'no-box-left': 'there is no box left that holds it',
};

function heading({ number, box, grams, millimetres, price }: Carton, of: number): string {
  const packaging = box === null ? 'its own packaging' : `box ${box}`;
  return `Parcel ${number} of ${of}: ${packaging}, ${millimetres.join(' x ')} mm, ${(grams / 1_000).toFixed(3)} kg, ${formatMoney(price)}`;
}

function line({ box }: Carton, { item, sku, step, layer, at, sides }: PackedUnit): string {
  const unit = `  ${step}. ${sku} (line ${item})`;
  return box === null ? unit : `${unit}: ${placeInWords({ layer, at, sides })}`;
}

/** Where a unit goes in its box, seen by a person who stands before the long side of it. */
export function placeInWords({ layer, at, sides }: Pick<PackedUnit, 'layer' | 'at' | 'sides'>): string {
  const [length, width, height] = sides;
  const floor = at[2] === 0 ? 'on the floor' : `${at[2]} mm up (layer ${layer})`;
  return `${length} long, ${width} deep, ${height} high; ${at[0]} mm from the left, ${at[1]} mm from the back, ${floor}`;
}
