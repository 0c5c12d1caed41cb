import type { ErpProduct, Sku } from '@quartermaster/domain';
import type { ShipmentLine } from '@quartermaster/fulfilment';
import { flattened, takenBy, type Recipes } from '@quartermaster/inventory';
import type { OrderLine, ProblemOrder } from '@quartermaster/sourcing';
import { z } from 'zod';

/** No kit is known: every line is made of itself. */
export const noRecipes: Recipes = new Map();

/**
 * Kits among SKUs, down to what lies on shelves: as the catalogue has them now, or as they were seen last where it has not the SKU any more. A kit with a part that has no SKU is left out: its own stock counts, as
 * the ERP computes it.
 */
export function kitsAmong(skus: readonly Sku[], product: (sku: Sku) => ErpProduct | undefined, known: Recipes): Recipes {
  const now = new Map(known);
  for (const sku of [...known.keys(), ...skus]) {
    const found = product(sku);
    if (found?.kit === null) now.delete(sku);
    else if (found !== undefined) now.set(sku, found.kit);
  }
  const flat = flattened(now);
  return new Map(
    skus.flatMap((sku) => {
      const parts = flat.get(sku);
      return parts === undefined || parts.some((part) => part.sku === '') ? [] : [[sku, parts] as const];
    }),
  );
}

/** What a wanted line takes from one shelf. `of` is the wanted line; of what is no kit it says the same. */
export type Part = ShipmentLine & { readonly of: ShipmentLine };

/**
 * What wanted lines take from shelves, in their sequence: a kit its parts, everything else itself. The lines of a problem's order are these, in this sequence. A kit without parts stays as it is: nothing
 * lies on a shelf of it. Pure.
 */
export function partsOf(wanted: readonly ShipmentLine[], recipes: Recipes = noRecipes): Part[] {
  return wanted.flatMap((line) => {
    const taken = recipes.has(line.sku) ? [...takenBy(recipes, line.sku, line.units)].filter(([, units]) => units > 0) : [];
    return taken.length === 0
      ? [{ ...line, of: line }]
      : taken.map(([sku, units]): Part => ({ lineId: line.lineId, sku, units, of: line }));
  });
}

/** The same without the way back: orders, shipments and what else has lines, as what they take from shelves. */
export function inParts(wanted: readonly ShipmentLine[], recipes: Recipes): ShipmentLine[] {
  return partsOf(wanted, recipes).map(({ lineId, sku, units }) => ({ lineId, sku, units }));
}

/** The wanted lines of which these numbers are parts, a kit once however many of its parts are among them. */
export function wantedLines(wanted: readonly ShipmentLine[], recipes: Recipes, numbers: readonly number[]): ShipmentLine[] {
  const parts = partsOf(wanted, recipes);
  return [...new Set(numbers.flatMap((number) => parts[number]?.of ?? []))];
}

const kitSchema = z.object({ kit: z.object({ line: z.string(), sku: z.string(), units: z.int() }) });

/** The kit that a line of a problem is a part of: the id, SKU and units of the line that is wanted. */
export type KitOfLine = z.infer<typeof kitSchema>['kit'];

/** What a problem tells of a part of a kit, in the line's `ext`; nothing of what is none. */
export function toldOf({ sku, of }: Part): Pick<OrderLine, 'ext'> {
  const { lineId, units } = of;
  return sku === of.sku ? {} : { ext: { kit: { line: lineId, sku: of.sku, units } } };
}

export function kitOf({ ext }: Pick<OrderLine, 'ext'>): KitOfLine | null {
  return ext === undefined ? null : (kitSchema.safeParse(ext).data?.kit ?? null);
}

/** The wanted lines of a problem's order, by the numbers of their parts: a kit is one. */
export function linesTogether({ lines }: Pick<ProblemOrder, 'lines'>): number[][] {
  return [...Map.groupBy(lines.keys(), (number) => kitName(lines, number)).values()];
}

function kitName(lines: readonly OrderLine[], number: number): string {
  const line = lines[number];
  const kit = line === undefined ? null : kitOf(line);
  return JSON.stringify(kit === null ? number : [kit.line]);
}

/** Products with the weight of kits of which the ERP has none: that of their parts. */
export function withKitWeights(product: (sku: Sku) => ErpProduct | undefined, recipes: Recipes): (sku: Sku) => ErpProduct | undefined {
  return (sku) => {
    const own = product(sku);
    const parts = recipes.get(sku);
    if (own === undefined || parts === undefined || own.grams > 0) return own;
    return { ...own, grams: Math.round(parts.reduce((sum, part) => sum + part.units * (product(part.sku)?.grams ?? 0), 0)) };
  };
}
