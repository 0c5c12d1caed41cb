/** What may not carry an order; a field that is left out stands for any. */
export interface Ban {
  readonly node?: string | undefined;
  readonly service?: string | undefined;
}

/** True where one of the bans is on the node, on the service, or on both together. */
export function isBanned(bans: readonly Ban[] | undefined, node: string, service: string): boolean {
  return bans?.some((ban) => (ban.node ?? node) === node && (ban.service ?? service) === service) === true;
}
