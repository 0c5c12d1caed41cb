/** A bill of materials of a kit (`phantom`), as Odoo keeps it. */
export type Bom = {
  readonly id: number;
  /** Null for one that holds for all variants of the template. */
  readonly productId: number | null;
  readonly templateId: number;
  /** Kits that its lines make, in its own unit. */
  readonly quantity: number;
  readonly unitId: number;
  /** The lower one counts where a product has several. */
  readonly sequence: number;
  readonly lines: readonly BomLine[];
};

export type BomLine = {
  readonly productId: number;
  readonly quantity: number;
  readonly unitId: number;
  /** Values of attributes for which the line holds, by attribute; it holds for a variant that has one of the values of each. Empty: for all. */
  readonly onlyFor: readonly (readonly number[])[];
};

/** What is needed of a product to explode it. */
export type KitProduct = {
  readonly id: number;
  readonly templateId: number;
  readonly unitId: number;
  /** Whether it has stock. A component without is always there. */
  readonly storable: boolean;
  readonly attributeValues: readonly number[];
};

export type KitBook = {
  readonly boms: readonly Bom[];
  readonly products: ReadonlyMap<number, KitProduct>;
  /** How many of the reference unit of its kind one unit is: 12 for a dozen. */
  readonly unitSizes: ReadonlyMap<number, number>;
};

/** Storable components of one kit in their own units, by product id. Nested kits are taken apart, a component that is in twice is there once with the sum. */
export type Components = ReadonlyMap<number, number>;

/**
 * The bill of materials by which a product is a kit, or undefined. Odoo's own choice: the lowest sequence, then one of the variant before one of the template, then the oldest.
 * A bill that makes the product (`normal`) does not matter, whatever its sequence. Archived ones must not be among `boms`.
 */
export function kitBomOf(book: KitBook, product: KitProduct): Bom | undefined {
  let best: Bom | undefined;
  for (const bom of book.boms) {
    if (bom.productId === null ? bom.templateId !== product.templateId : bom.productId !== product.id) continue;
    if (best === undefined || comesBefore(bom, best)) best = bom;
  }
  return best;
}

function comesBefore(bom: Bom, other: Bom): boolean {
  if (bom.sequence !== other.sequence) return bom.sequence < other.sequence;
  if ((bom.productId === null) !== (other.productId === null)) return bom.productId !== null;
  return bom.id < other.id;
}

/** All products of the book that are kits, with what one of them takes. */
export function explodeKits(book: KitBook): Map<number, Components> {
  const bomOf = new Map<number, Bom>();
  const byTemplate = groupBoms(book);
  for (const product of book.products.values()) {
    const boms = byTemplate.get(product.templateId);
    const bom = boms && kitBomOf({ ...book, boms }, product);
    if (bom !== undefined) bomOf.set(product.id, bom);
  }
  return new Map([...bomOf.keys()].map((id) => [id, componentsOf(book, bomOf, id)]));
}

function groupBoms(book: KitBook): Map<number, Bom[]> {
  const grouped = new Map<number, Bom[]>();
  for (const bom of book.boms) grouped.set(bom.templateId, [...(grouped.get(bom.templateId) ?? []), bom]);
  return grouped;
}

function componentsOf(book: KitBook, bomOf: ReadonlyMap<number, Bom>, kit: number): Components {
  const needed = new Map<number, number>();
  add(kit, 1, new Set());
  return needed;

  /** `units` in the product's own unit. Odoo forbids a kit that holds itself; should one be there all the same, it is passed over. */
  function add(id: number, units: number, within: ReadonlySet<number>): void {
    const product = book.products.get(id);
    if (product === undefined || within.has(id) || units === 0) return;
    const bom = bomOf.get(id);
    if (bom === undefined) {
      if (product.storable) needed.set(id, (needed.get(id) ?? 0) + units);
      return;
    }
    const times = (units * sizeOf(book, product.unitId)) / sizeOf(book, bom.unitId) / bom.quantity;
    for (const line of bom.lines) {
      const component = book.products.get(line.productId);
      if (component === undefined || !holdsFor(line, product)) continue;
      const units = (times * line.quantity * sizeOf(book, line.unitId)) / sizeOf(book, component.unitId);
      add(component.id, units, new Set([...within, id]));
    }
  }
}

function holdsFor(line: BomLine, product: KitProduct): boolean {
  return line.onlyFor.every((values) => values.some((value) => product.attributeValues.includes(value)));
}

function sizeOf(book: KitBook, unitId: number): number {
  return book.unitSizes.get(unitId) ?? 1;
}

/** Whole kits that can be made of these components: of the scarcest one. None of a kit without storable components, as Odoo has it. */
export function kitsFrom(components: Components, unitsOf: (productId: number) => number): number {
  if (components.size === 0) return 0;
  let kits = Number.POSITIVE_INFINITY;
  for (const [id, needed] of components) kits = Math.min(kits, Math.floor(unitsOf(id) / needed + hair));
  return Math.max(0, kits);
}

/** Sums and ratios of floats may miss a whole number by this. */
export const hair = 1e-6;
