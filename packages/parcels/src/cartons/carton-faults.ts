import type { CartonItem, CartonProblem } from './carton-problem.ts';
import type { Carton, Cartonization, PackedUnit } from './cartonization.ts';
import type { Sides } from './shapes.ts';

/**
 * What is wrong with a cartonization, in words; empty for a right one. Goes by the problem and the result alone and shares no code with what found it, so it can judge it: units lost or doubled, boxes that are not there or
 * not that many, anything outside, overlapping, floating, turned as it must not be, too heavy or together with what it must not be with, and sums that are wrong. Prices are taken as they are.
 */
export function cartonFaults(problem: CartonProblem, { cartons, left, total }: Cartonization): string[] {
  const faults: string[] = [];
  for (const item of problem.items) {
    const packed = cartons.reduce((sum, { units }) => sum + units.filter((unit) => unit.item === item.id).length, 0);
    const over = left.filter((one) => one.item === item.id).reduce((sum, { units }) => sum + units, 0);
    if (packed + over !== item.units) faults.push(`of ${item.id} ${packed} are packed and ${over} left, of ${item.units}`);
  }
  for (const { id, stock } of problem.boxes) {
    const used = cartons.filter(({ box }) => box === id).length;
    if (stock !== null && used > stock) faults.push(`${used} boxes ${id} of ${stock}`);
  }
  const sum = cartons.reduce((minor, { price, boxCost }) => minor + price.minor + boxCost.minor, 0);
  if (sum !== total.minor || total.currency !== problem.currency) faults.push(`the total is ${total.minor}, the cartons cost ${sum}`);
  for (const carton of cartons) faults.push(...faultsOf(problem, carton).map((fault) => `carton ${carton.number}: ${fault}`));
  return faults;
}

function faultsOf(problem: CartonProblem, carton: Carton): string[] {
  const goods = carton.units.flatMap((unit) => {
    const item = problem.items.find(({ id }) => id === unit.item);
    return item === undefined ? [] : [{ unit, item }];
  });
  if (goods.length < carton.units.length) return ['something that is not asked for'];
  if (goods.length === 0) return ['it is empty'];
  const faults = [...packagingFaults(problem, carton, goods), ...togetherFaults(problem, goods)];
  for (const [index, one] of goods.entries()) {
    if (carton.box !== null && !liesRight(one)) faults.push(`${one.unit.item} is turned to ${one.unit.sides.join(' x ')}`);
    if (one.unit.step !== index + 1) faults.push(`step ${one.unit.step} comes as number ${index + 1}`);
    const below = goods.filter((other) => other !== one && overlap(one.unit, other.unit, [0, 1]) && other.unit.at[2] < one.unit.at[2]);
    const bed = below.filter(({ unit }) => unit.at[2] + unit.sides[2] === one.unit.at[2]);
    if (one.unit.at[2] !== 0 && bed.length === 0) faults.push(`${one.unit.item} floats`);
    if (bed.some(({ unit }) => unit.step > one.unit.step || unit.layer >= one.unit.layer))
      faults.push(`${one.unit.item} comes before what it lies on`);
    if (below.some(({ item }) => item.fragile)) faults.push(`${one.unit.item} is above something fragile`);
    for (const other of goods.slice(index + 1))
      if (overlap(one.unit, other.unit, [0, 1, 2])) faults.push(`${one.unit.item} and ${other.unit.item} overlap`);
  }
  return faults;
}

type Good = { readonly unit: PackedUnit; readonly item: CartonItem };

function packagingFaults(problem: CartonProblem, carton: Carton, goods: readonly Good[]): string[] {
  const weight = goods.reduce((sum, { item }) => sum + item.grams, 0);
  if (carton.box === null) {
    const [good] = goods;
    const isRight =
      goods.length === 1 && good?.item.ownPackaging === true && carton.millimetres.join() === descending(good.item.millimetres);
    return [...(isRight ? [] : ['no box']), ...(carton.grams === Math.max(1, weight) ? [] : [`weighs ${carton.grams} g`])];
  }
  const box = problem.boxes.find(({ id }) => id === carton.box);
  if (box === undefined) return [`there is no box ${carton.box}`];
  const faults: string[] = [];
  if (weight > box.maxGrams) faults.push(`${weight} g in a box for ${box.maxGrams} g`);
  if (carton.grams !== Math.max(1, weight + box.tareGrams)) faults.push(`weighs ${carton.grams} g, not ${weight + box.tareGrams} g`);
  if (carton.boxCost.minor !== box.costMinor) faults.push(`the box costs ${box.costMinor}`);
  const top = Math.max(...goods.map(({ unit }) => unit.at[2] + unit.sides[2]));
  const outer: Sides = box.kind === 'bag' ? [box.outer[0], box.outer[1], top + box.outer[2] - box.inner[2]] : box.outer;
  if (carton.millimetres.join() !== descending(outer)) faults.push(`its outer sides are ${carton.millimetres.join(' x ')}`);
  for (const { unit, item } of goods) {
    if (box.kind === 'bag' && item.soft === null) faults.push(`${item.id} is not soft`);
    const isInside = ([0, 1, 2] as const).every((axis) => unit.at[axis] >= 0 && unit.at[axis] + unit.sides[axis] <= box.inner[axis]);
    if (!isInside) faults.push(`${item.id} sticks out`);
  }
  return faults;
}

function togetherFaults({ apart }: CartonProblem, goods: readonly Good[]): string[] {
  const faults: string[] = [];
  for (const { item } of goods) {
    if (item.alone && goods.length > 1) faults.push(`${item.id} is not alone`);
    if (item.maxPerBox !== null && goods.filter((other) => other.item.id === item.id).length > item.maxPerBox)
      faults.push(`too many ${item.id}`);
  }
  for (const [one, other] of apart) {
    const first = goods.filter(({ item }) => item.hazard === one);
    const second = goods.filter(({ item }) => item.hazard === other);
    if (first.some((good) => second.some((beside) => beside !== good))) faults.push(`${one} and ${other} are together`);
  }
  return faults;
}

function liesRight({ unit: { sides }, item: { millimetres, turning, soft } }: Good): boolean {
  if (soft !== null) {
    const [longest = 0, middle = 0, lowest = 0] = [...millimetres].sort((a, b) => b - a);
    if (sides[2] !== Math.max(1, Math.ceil((lowest * soft.pressedPercent) / 100))) return false;
    return (sides[0] === longest && sides[1] === middle) || (turning !== 'none' && sides[0] === middle && sides[1] === longest);
  }
  if (turning === 'none') return sides.join() === millimetres.join();
  if (turning === 'any') return descending(sides) === descending(millimetres);
  const [length, width, height] = millimetres;
  return sides[2] === height && ((sides[0] === length && sides[1] === width) || (sides[0] === width && sides[1] === length));
}

function overlap(one: PackedUnit, other: PackedUnit, axes: readonly (0 | 1 | 2)[]): boolean {
  return axes.every((axis) => one.at[axis] < other.at[axis] + other.sides[axis] && other.at[axis] < one.at[axis] + one.sides[axis]);
}

function descending(sides: readonly number[]): string {
  return [...sides].sort((a, b) => b - a).join();
}
