import { orderTotalMinor, type WorldLine, type WorldOrder, type WorldShop } from '../world.ts';
import { catalogue, type CatalogueProduct } from './catalogue.ts';
import { countries, inventAddress, oneOf, weighted, wholeNumber, type Country } from './places.ts';

/** One order of a shop as an ordinary customer places it, paid at once. */
export function inventOrder(random: () => number, shop: WorldShop, number: number): WorldOrder {
  const country = weighted(random, countries, (each) => each.weight);
  const business = shop.class === 'business';
  const express = random() < (business ? 0.22 : 0.12);
  const lines = inventLines(random, country, shop);
  const goods = lines.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity, 0);
  const shippingMinor = express ? 1290 : goods >= 7500 ? 0 : 490;
  const terms = { lines, shippingMinor, taxPercent: country.vatPercent };
  const totalMinor = orderTotalMinor(terms, shop.taxesIncluded);
  return {
    id: `${shop.connection}-${String(number).padStart(5, '0')}`,
    class: shop.class,
    purchaseOrderNumber: business ? `PO-${wholeNumber(random, 20_000, 89_999)}` : null,
    service: express ? 'express' : 'standard',
    email: `customer-${number}@example.com`,
    shipTo: inventAddress(random, country, { number, company: business }),
    ...terms,
    totalMinor,
    securedMinor: totalMinor,
    risk: 'low',
    trouble: null,
  };
}

const lineCounts = [
  { lines: 1, weight: 60 },
  { lines: 2, weight: 25 },
  { lines: 3, weight: 10 },
  { lines: 4, weight: 4 },
  { lines: 5, weight: 1 },
];

function inventLines(random: () => number, country: Country, shop: WorldShop): WorldLine[] {
  const count = weighted(random, lineCounts, (each) => each.weight).lines;
  const chosen: CatalogueProduct[] = [];
  while (chosen.length < count) {
    const family = chosen[0]?.sku.slice(0, 3);
    const open = catalogue.filter((product) => !chosen.includes(product));
    chosen.push(weighted(random, open, (product) => appeal(product, country) * (product.sku.slice(0, 3) === family ? 4 : 1)));
  }
  return chosen.map((product) => ({
    sku: product.sku,
    title: product.title,
    quantity: quantityOf(random, product, shop),
    unitPriceMinor: shop.taxesIncluded ? product.priceMinor : Math.round(product.priceMinor / 1.2),
  }));
}

/** A few products sell most, each best where it is at home, so that the demand for one comes from one side of the map. */
function appeal(product: CatalogueProduct, country: Country): number {
  const popularity = 1 / (1 + ((catalogue.indexOf(product) * 37) % catalogue.length)) ** 0.55;
  if (product.favourite === 'everywhere') return popularity * 1.2;
  return popularity * (product.favourite === country.group ? 2.4 : 0.7);
}

function quantityOf(random: () => number, product: CatalogueProduct, shop: WorldShop): number {
  if (product.grams > 3_000) return 1;
  if (shop.class === 'business') return oneOf(random, [1, 1, 1, 2, 2, 3, 4]);
  return oneOf(random, [1, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
}
