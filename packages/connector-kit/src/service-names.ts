/** Services in our words and in a vendor's. */
export type ServiceNames = { readonly toTheirs: (service: string) => string; readonly toOurs: (word: string) => string };

/** Translates by a map from our words to theirs, such as `{ ground: 'FEDEX_GROUND' }`. A service that is not in the map keeps the vendor's word. */
export function serviceNames(map: Readonly<Record<string, string>>): ServiceNames {
  const theirs = new Map(Object.entries(map));
  const ours = new Map(Object.entries(map).map(([our, their]) => [their, our]));
  return { toTheirs: (service) => theirs.get(service) ?? service, toOurs: (word) => ours.get(word) ?? word };
}
