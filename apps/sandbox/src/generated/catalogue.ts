/** Where a family of products sells best; `everywhere` has no favourite. */
export type Favourite = 'central' | 'france' | 'iberia' | 'everywhere';

export type CatalogueProduct = {
  readonly sku: string;
  readonly title: string;
  readonly grams: number;
  readonly millilitres: number;
  readonly priceMinor: number;
  readonly favourite: Favourite;
};

type Article = readonly [title: string, grams: number, millilitres: number, priceMinor: number];
type Family = { readonly code: string; readonly favourite: Favourite; readonly articles: readonly Article[] };

/** An invented house of coffee, kitchen and garden goods, packed weights and prices with tax in euro cents. */
const families: readonly Family[] = [
  {
    code: 'COF',
    favourite: 'central',
    articles: [
      ['Espresso beans 1 kg', 1040, 2900, 1890],
      ['Filter coffee 500 g', 530, 1500, 990],
      ['Decaf beans 250 g', 270, 800, 690],
      ['Green coffee 1 kg', 1030, 1700, 1490],
      ['Coffee tasting box', 680, 2400, 2450],
    ],
  },
  {
    code: 'TEA',
    favourite: 'central',
    articles: [
      ['Breakfast tea 100 g', 130, 600, 590],
      ['Peppermint tea 60 g', 85, 700, 450],
      ['Rooibos 250 g', 280, 950, 790],
      ['Tea strainer', 90, 400, 650],
      ['Glass teapot 1.2 l', 820, 4600, 2990],
    ],
  },
  {
    code: 'POT',
    favourite: 'france',
    articles: [
      ['Cast iron casserole 4 l', 5200, 9800, 11900],
      ['Saucepan 16 cm', 980, 3900, 3490],
      ['Copper crepe pan', 1650, 4200, 5900],
      ['Steamer insert', 420, 2600, 1790],
      ['Stock pot 10 l', 2800, 14500, 6490],
    ],
  },
  {
    code: 'KNF',
    favourite: 'france',
    articles: [
      ['Chef knife 20 cm', 310, 900, 6490],
      ['Paring knife', 95, 300, 1490],
      ['Bread knife', 260, 800, 2990],
      ['Whetstone 1000/3000', 860, 900, 3290],
      ['Magnetic knife rack', 740, 1900, 2790],
    ],
  },
  {
    code: 'OIL',
    favourite: 'iberia',
    articles: [
      ['Olive oil 0.75 l', 1280, 1500, 1290],
      ['Olive oil canister 5 l', 4950, 6800, 5490],
      ['Sherry vinegar 0.5 l', 870, 1000, 790],
      ['Smoked paprika tin', 120, 250, 520],
      ['Salted almonds 500 g', 540, 1300, 1150],
    ],
  },
  {
    code: 'TER',
    favourite: 'iberia',
    articles: [
      ['Terracotta dish 28 cm', 1900, 4100, 1990],
      ['Tapas bowls, set of 6', 1450, 3300, 2290],
      ['Paella pan 40 cm', 1750, 6900, 2690],
      ['Garden pot 30 cm', 4600, 21000, 3190],
      ['Oil lamp', 650, 1800, 1690],
    ],
  },
  {
    code: 'GRD',
    favourite: 'everywhere',
    articles: [
      ['Hand trowel', 340, 1100, 1290],
      ['Pruning shears', 290, 700, 2490],
      ['Watering can 8 l', 1350, 19000, 2190],
      ['Seed collection herbs', 60, 300, 890],
      ['Garden hose 20 m', 3900, 12500, 3990],
    ],
  },
  {
    code: 'TXT',
    favourite: 'everywhere',
    articles: [
      ['Linen apron', 380, 1700, 3490],
      ['Tea towels, set of 3', 290, 1300, 1690],
      ['Oven gloves', 240, 1500, 1490],
      ['Table runner', 310, 1200, 2290],
      ['Cotton napkins, set of 6', 360, 1100, 1990],
    ],
  },
  {
    code: 'GLS',
    favourite: 'everywhere',
    articles: [
      ['Preserving jars, set of 6', 2900, 8200, 1890],
      ['Wine glasses, set of 4', 1250, 7400, 2690],
      ['Carafe 1 l', 780, 3800, 1990],
      ['Spice jars, set of 12', 1600, 4400, 2190],
      ['Honey jar', 210, 500, 590],
    ],
  },
  {
    code: 'ELC',
    favourite: 'everywhere',
    articles: [
      ['Hand coffee grinder', 640, 1600, 4990],
      ['Kitchen scale', 520, 1900, 2490],
      ['Milk frother', 310, 1200, 1990],
      ['Electric kettle', 1380, 7200, 4490],
      ['Stand mixer', 8900, 32000, 24900],
    ],
  },
  {
    code: 'BRD',
    favourite: 'central',
    articles: [
      ['Rye flour 5 kg', 5080, 7600, 890],
      ['Proving basket', 330, 5200, 1590],
      ['Baking stone', 6400, 5900, 3490],
      ['Dough scraper', 70, 150, 490],
      ['Sourdough starter', 150, 350, 790],
    ],
  },
  {
    code: 'PAP',
    favourite: 'france',
    articles: [
      ['Recipe notebook', 420, 900, 1590],
      ['Kitchen labels', 40, 150, 390],
      ['Baking paper 20 m', 480, 1400, 590],
      ['Cookbook Provence', 1150, 1700, 2990],
      ['Wall calendar', 560, 2500, 1790],
    ],
  },
];

/** Sixty products, in the order in which they are known. */
export const catalogue: readonly CatalogueProduct[] = families.flatMap(({ code, favourite, articles }) =>
  articles.map(([title, grams, millilitres, priceMinor], index) => ({
    sku: `${code}-${index + 1}0`,
    title,
    grams,
    millilitres,
    priceMinor,
    favourite,
  })),
);

/** What the shops still list and the ERP has forgotten. */
export const retiredProducts: readonly Omit<CatalogueProduct, 'favourite'>[] = [
  { sku: 'OLD-10', title: 'Moka pot, old model', grams: 720, millilitres: 2100, priceMinor: 2190 },
  { sku: 'OLD-20', title: 'Raffia basket, last season', grams: 480, millilitres: 9000, priceMinor: 1890 },
];
