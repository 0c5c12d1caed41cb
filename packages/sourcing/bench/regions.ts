/** Where people live and what a kilometre costs. */
export interface Region {
  readonly currency: string;
  /** What prices at distance 0 and per 1,000 km are multiplied by. */
  readonly level: number;
  readonly perDistance: number;
  readonly zones: readonly Zone[];
}

/** Kilometres on a flat map from any origin; `people` is the share of the orders, in any unit. */
export interface Zone {
  readonly id: string;
  readonly east: number;
  readonly north: number;
  readonly people: number;
}

export const regionNames = ['eu', 'us', 'uk'] as const;
export type RegionName = (typeof regionNames)[number];

export const regions: Readonly<Record<RegionName, Region>> = {
  eu: {
    currency: 'EUR',
    level: 1,
    perDistance: 1,
    zones: zones([
      ['HAMBURG', 0, 0, 12],
      ['MUNICH', 110, -600, 13],
      ['AMSTERDAM', -350, -130, 9],
      ['BRUSSELS', -400, -300, 6],
      ['PARIS', -560, -520, 11],
      ['LYON', -400, -870, 7],
      ['VIENNA', 480, -600, 5],
      ['WARSAW', 760, -140, 10],
      ['MILAN', -60, -900, 8],
      ['MADRID', -1150, -1350, 9],
      ['COPENHAGEN', 180, 240, 4],
      ['PRAGUE', 320, -390, 5],
    ]),
  },
  us: {
    currency: 'USD',
    level: 1.1,
    perDistance: 0.6,
    zones: zones([
      ['NEW-YORK', 0, 0, 16],
      ['ATLANTA', -950, -780, 9],
      ['MIAMI', -520, -1700, 9],
      ['CHICAGO', -1150, 110, 10],
      ['COLUMBUS', -770, -80, 7],
      ['DALLAS', -2130, -900, 10],
      ['HOUSTON', -2080, -1230, 7],
      ['DENVER', -2620, 0, 5],
      ['PHOENIX', -3300, -700, 5],
      ['LOS-ANGELES', -3850, -600, 13],
      ['SAN-FRANCISCO', -4100, -300, 6],
      ['SEATTLE', -3850, 750, 5],
    ]),
  },
  uk: {
    currency: 'GBP',
    level: 0.8,
    perDistance: 2.2,
    zones: zones([
      ['LONDON', 0, 0, 22],
      ['BRISTOL', -175, 0, 9],
      ['BIRMINGHAM', -130, 115, 12],
      ['MANCHESTER', -155, 220, 12],
      ['LEEDS', -95, 255, 9],
      ['NEWCASTLE', -95, 390, 5],
      ['GLASGOW', -290, 500, 8],
      ['CARDIFF', -215, 0, 5],
      ['BELFAST', -400, 370, 4],
    ]),
  },
};

function zones(rows: readonly (readonly [id: string, east: number, north: number, people: number])[]): Zone[] {
  return rows.map(([id, east, north, people]) => ({ id, east, north, people }));
}
