/** Orders texts by their code units, the same on every machine: ids and instants, never names for people. */
export function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
