import { liftOverriddenHolds } from './holds.ts';
import { counts, type OrderOverride } from './override.ts';
import { because, type Turn } from './turn.ts';

/** Takes up what a person decided. It takes the place of an earlier one about the same: one check, or the node and service that an order is given. */
export function override(turn: Turn, given: OrderOverride): void {
  if (turn.case.overrides.some(({ id }) => id === given.id)) return because(turn, 'this override stands already');
  const others = turn.case.overrides.filter((other) => !takesThePlaceOf(given, other));
  turn.case = { ...turn.case, overrides: [...others, given] };
  because(turn, `${given.by} decided: ${inWords(given)}: ${given.why}`);
  if (given.kind === 'check' && counts(given, turn.now)) liftOverriddenHolds(turn, given.code);
}

/** Ends an override; it stays with the order as one whose time has passed. The next checks and waves decide by themselves again. */
export function liftOverride(turn: Turn, id: string, by: string, why: string): void {
  const lifted = turn.case.overrides.find((each) => each.id === id && counts(each, turn.now));
  if (lifted === undefined) return because(turn, `no override ${id} stands`);
  turn.case = { ...turn.case, overrides: turn.case.overrides.map((each) => (each === lifted ? { ...each, until: turn.now } : each)) };
  because(turn, `${by} lifted: ${inWords(lifted)}: ${why}`);
}

function takesThePlaceOf(newer: OrderOverride, older: OrderOverride): boolean {
  if (newer.kind === 'check') return older.kind === 'check' && older.code === newer.code;
  if (newer.kind === 'fix') return older.kind === 'fix';
  return older.kind === 'forbid' && older.node === newer.node && older.service === newer.service;
}

function inWords(given: OrderOverride): string {
  switch (given.kind) {
    case 'check':
      return `the check ${given.code} does not hold it`;
    case 'fix':
      return `from ${given.node} by ${given.service}`;
    case 'forbid':
      return `nothing${given.node === null ? '' : ` from ${given.node}`}${given.service === null ? '' : ` by ${given.service}`}`;
  }
}
