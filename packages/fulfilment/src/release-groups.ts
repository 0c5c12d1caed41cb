import { compareText, type Instant } from '@quartermaster/domain';
import type { Grouping, ReleasePolicy } from './release-policy.ts';
import type { Profile } from './release-shipment.ts';

/** A pick wave: shipments of one node that one person picks together. What the policy does not group by is null where it differs within the group. */
export type PickGroup = {
  readonly node: string;
  /** The earliest cutoff of its shipments. */
  readonly closesAt: Instant | null;
  readonly service: string | null;
  readonly zone: string | null;
  readonly kind: string | null;
  /** Ids in the order of picking. */
  readonly shipments: readonly string[];
  readonly minutes: number;
};

/** Shipments in their order, as the policy groups them: by node always, then by what it names; divided where a group is larger than it may be. The group that closes first comes first. */
export function groupsOf(released: readonly Profile[], policy: ReleasePolicy): PickGroup[] {
  const together = Map.groupBy(released, (profile) =>
    JSON.stringify([profile.shipment.node, ...policy.groupBy.map((by) => partOf(profile, by))]),
  );
  return [...together.values()]
    .flatMap((members) => divided(members, policy.mostPerGroup))
    .map((members): PickGroup => {
      const only = <Value>(of: (profile: Profile) => Value): Value | null => {
        const values = new Set(members.map(of));
        const [value] = values;
        return values.size === 1 && value !== undefined ? value : null;
      };
      return {
        node: members[0]?.shipment.node ?? '',
        closesAt:
          members
            .map(({ closesAt }) => closesAt)
            .filter((each) => each !== null)
            .sort()[0] ?? null,
        service: only(({ shipment }) => shipment.service),
        zone: only(({ zone }) => zone),
        kind: only(({ kind }) => kind),
        shipments: members.map(({ shipment }) => shipment.id),
        minutes: members.reduce((sum, { minutes }) => sum + minutes, 0),
      };
    })
    .sort((one, other) => compareText(one.closesAt ?? '9999', other.closesAt ?? '9999') || compareText(one.node, other.node));
}

function partOf({ shipment, zone, kind, closesAt }: Profile, by: Grouping): string | null {
  switch (by) {
    case 'cutoff':
      return closesAt;
    case 'service':
      return shipment.service;
    case 'zone':
      return zone;
    case 'kind':
      return kind;
  }
}

function divided(members: readonly Profile[], most: number | null): (readonly Profile[])[] {
  if (most === null) return [members];
  return Array.from({ length: Math.ceil(members.length / most) }, (_, part) => members.slice(part * most, (part + 1) * most));
}
