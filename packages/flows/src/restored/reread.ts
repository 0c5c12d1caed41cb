import { epochMs, instantOf, type ErpDelivery, type ErpOrder, type Instant, type Label, type Parcel } from '@quartermaster/domain';
import { hasLeft, isLive, type OrderCase, type OrderEvent, type Shipment } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from '../context.ts';
import { erpKeyOf, lineNames, writtenEvent } from '../erp-effects.ts';
import { pullChannel } from '../intake/intake.ts';
import { applyEvent, findCase, listCases } from '../order-cases.ts';
import { speakingTo } from '../speaking-to.ts';
import { whileAlone } from '../turns.ts';
import { adoptionOf, plainLabel, type AdoptedShipment } from './adoption.ts';
import { keepFoundLabel, labelOfOrder, type LabelOfOrder } from './found-labels.ts';

/** What was found when the world was read again. */
export type Reread = {
  /** Orders that had come meanwhile. */
  readonly fresh: number;
  /** Orders under way that were compared with the ERP. */
  readonly compared: number;
  /** Orders that had gone on meanwhile and were taken over as the ERP and the carriers have them. */
  readonly adopted: number;
  /** Orders that are held, because what is there does not fit together. */
  readonly held: number;
  /** Labels that carriers have under our keys since then. */
  readonly labels: number;
  /** Effects that are looked up before they go, because they may have happened. */
  readonly doubted: number;
};

const code = 'journal-restored';
const turn = { name: 'restored', leaseMs: 60_000 };
/** A label may have been prepared long before it was bought. */
const labelOverlapMs = 86_400_000;
const theBeginning = '1970-01-01T00:00:00.000Z';
const lookAgainMs = 1_000;
const atOnce = 8;

/**
 * A journal that came back from a backup is older than the world: what it takes for not done may have been done. Before anything is sent, everything that has happened since is read again:
 * the labels at the carriers, the orders of every channel, and in the ERP every order that is under way. What is found is taken over; what does not fit together is held for a person. What
 * cannot be found by reading lists (a confirmation) is looked up, one by one, before it goes. Null when the journal is no such one; with several replicas one reads and the others wait.
 * Begins anew when it was broken off. Throws the fault of a connection that does not answer: nothing may be sent before it did.
 */
export async function rereadWorld(context: FlowContext): Promise<Reread | null> {
  const { journal, clock, erp } = context;
  for (let waited = false; ; waited = true) {
    const restoration = await journal.read((tx) => tx.restoration.get());
    if (restoration === null || restoration.settledAt !== null) return null;
    const { knowsUntil } = restoration;
    const done = await whileAlone(context, { ...turn, connection: erp.connection }, () => reread(context, knowsUntil));
    if (done !== null) return done.result;
    if (!waited) context.log({ at: clock.now(), event: 'restored.waiting', connection: null, code: 'another-replica' });
    await clock.sleep(lookAgainMs);
  }
}

async function reread(context: FlowContext, knowsUntil: Instant | null): Promise<Reread> {
  const { journal, clock, settings } = context;
  context.log({ at: clock.now(), event: 'restored.began', knowsUntil });
  const reason = `this journal came back from a backup and knows the world until ${knowsUntil ?? 'nothing'}: it is being read again, and nothing is sent`;
  await journal.transaction((tx) =>
    tx.exceptions.raise({ code, subjectKey: 'journal', owner: ownerOf(settings, code), reason, at: clock.now() }),
  );
  const labels = await findLabels(context, instantOf(Math.max(0, epochMs(knowsUntil ?? theBeginning) - labelOverlapMs)));
  const byOrder = Map.groupBy(labels, ({ order }) => order);
  // Before the channels are read: a cancellation that waits there must meet the order as it stands outside, not one that nobody knows of.
  const early = await compareAll(context, byOrder);
  let fresh = 0;
  for (const { connection } of settings.channels)
    fresh += (await pullChannel(context, connection, { since: null, whenBusy: 'wait' }))?.fresh ?? 0;
  const late = await compareAll(context, byOrder);
  const compared = { ...late, adopted: early.adopted + late.adopted };
  return journal.transaction(async (tx) => {
    const at = clock.now();
    const found: Reread = { fresh, ...compared, labels: labels.length, doubted: await tx.intents.doubt(at) };
    await tx.restoration.settle(at);
    await tx.exceptions.resolve({ code, subjectKey: 'journal' }, { by: 'quartermaster', reason: 'the world was read again', at });
    await tx.audit.append({ at, actor: 'quartermaster', event: 'journal.reread', key: 'journal', detail: { ...found } });
    context.log({ at, event: 'restored.ended', ...found });
    return found;
  });
}

async function findLabels({ carriers, journal, clock }: FlowContext, since: Instant): Promise<LabelOfOrder[]> {
  const labels: LabelOfOrder[] = [];
  for (const [connection, carrier] of carriers) {
    if (carrier.labelsSince === null) continue;
    const there = carrier.labelsSince(since);
    await speakingTo(connection, async () => {
      for await (const found of there) {
        const label = labelOfOrder(connection, found);
        if (label === null) continue;
        labels.push(label);
        await journal.transaction((tx) => keepFoundLabel(tx, found, clock.now()));
      }
    });
  }
  return labels;
}

async function compareAll(
  context: FlowContext,
  labels: ReadonlyMap<string, readonly LabelOfOrder[]>,
): Promise<Pick<Reread, 'compared' | 'adopted' | 'held'>> {
  const underWay = (await context.journal.read((tx) => listCases(tx, ['held', 'open', 'committed']))).map((stored) => stored.case);
  await context.catalogue.learn(underWay.flatMap(({ order }) => order.lines.flatMap(({ sku }) => (sku === null ? [] : [sku]))));
  const count = { adopted: 0, held: 0 };
  for (let from = 0; from < underWay.length; from += atOnce) {
    const outcomes = await Promise.all(
      underWay.slice(from, from + atOnce).map((each) => compare(context, each, labels.get(each.key) ?? [])),
    );
    for (const outcome of outcomes) if (outcome !== null) count[outcome]++;
  }
  return { compared: underWay.length, ...count };
}

/** Null when the journal knows as much as the ERP and the carriers do. */
async function compare(context: FlowContext, given: OrderCase, labels: readonly LabelOfOrder[]): Promise<'adopted' | 'held' | null> {
  const { erp } = context;
  const there = await speakingTo(erp.connection, () => erp.findOrder(erpKeyOf(given)));
  if (given.erpWriteAsked) {
    const strange = strangeIn(given, there, labels);
    if (strange !== null) return hold(context, given.key, strange);
    if (there !== null) await catchUp(context, given.key, there, labels);
    return null;
  }
  if (there === null) return null;
  const ownLabels = new Set([...context.carriers].flatMap(([connection, { safety }]) => (safety.buy === 'natural' ? [connection] : [])));
  // Where a carrier can neither list its labels nor make one from its key, nobody can tell whether there is one.
  const mute = [...context.carriers].filter(([connection, carrier]) => carrier.labelsSince === null && !ownLabels.has(connection));
  const found = adoptionOf({
    order: given,
    there,
    labels,
    settings: context.settings,
    ownLabels,
    gramsOf: (sku) => context.catalogue.get(sku)?.grams ?? 0,
    now: context.clock.now(),
  });
  if (found.kind === 'unclear') return hold(context, given.key, found.reason);
  const left = found.shipments.length > 0 && found.shipments.every((each) => each.left);
  if (!left && mute.length > 0)
    return hold(context, given.key, `${mute.map(([connection]) => connection).join(', ')} cannot say which labels were bought`);
  // What has not left stays held on any other ground.
  if (!left && given.holds.some((each) => each.code !== 'known-to-erp'))
    return hold(context, given.key, `the ERP has it as ${there.name}, and it is held here`);
  return adopt(context, given.key, { there, shipments: found.shipments });
}

/** What of a committed order is there that the journal does not know; null when nothing is. */
function strangeIn(given: OrderCase, there: ErpOrder | null, labels: readonly LabelOfOrder[]): string | null {
  if (there === null) return given.erp === null ? null : `the ERP does not have ${given.erp.name} any more`;
  const live = given.shipments.filter(isLive);
  const names = lineNames(given);
  const stray = there.deliveries.filter(
    ({ ref, node, state, lines }) =>
      state !== 'cancelled' &&
      node !== null &&
      lines.some(({ lineId }) => names.has(lineId)) &&
      !live.some((each) => each.delivery?.ref === ref || (each.delivery === null && each.node === node)),
  );
  if (stray.length > 0) return `the ERP has deliveries that this journal does not know: ${stray.map(({ name }) => name).join(', ')}`;
  const unknown = labels.filter(
    ({ shipmentId, revision, parcel, label }) =>
      !given.shipments.some(
        (each) =>
          [...each.labels, ...each.withdrawn].some((known) => known.label.ref === label.ref) ||
          (each.id === shipmentId &&
            isLive(each) &&
            !hasLeft(each) &&
            each.revision === revision &&
            each.parcels.some(({ number }) => number === parcel)),
      ),
  );
  if (unknown.length > 0)
    return `labels were bought that this journal does not know: ${unknown.map(({ label }) => label.trackingNumber).join(', ')}`;
  return null;
}

async function hold({ journal, ...rest }: FlowContext, key: string, why: string): Promise<'held'> {
  const context = { journal, ...rest };
  const reason = `after a restore: ${why}; look into the ERP, the channel and the carrier before you release it`;
  await journal.transaction(async (tx) => {
    await happen(tx, context, key, [{ kind: 'hold-placed', hold: { code: 'known-to-erp', reason }, by: 'quartermaster' }]);
  });
  return 'held';
}

/**
 * Lets what happened meanwhile to shipments that the journal knows happen again: labels that were bought for them, deliveries that are done. Effects that wait for it find it done and change
 * nothing. Otherwise an order that was shipped and then cancelled by the channel would be taken for one that can still be stopped.
 */
async function catchUp(context: FlowContext, key: string, there: ErpOrder, labels: readonly LabelOfOrder[]): Promise<void> {
  await context.journal.transaction(async (tx) => {
    const found = await findCase(tx, key);
    if (found === null) return;
    let known = found.case;
    if (known.erp === null) known = await applyEvent(tx, context, key, writtenEvent(there, lineNames(known)));
    for (const shipment of known.shipments.filter((each) => isLive(each) && !hasLeft(each))) {
      const { id, revision } = shipment;
      const delivery = there.deliveries.find(({ ref }) => ref === shipment.delivery?.ref);
      const isDone = delivery?.state === 'done';
      const bought = labels.filter((each) => each.shipmentId === id && each.revision === revision);
      const missing = shipment.parcels.filter(
        ({ number }) => !shipment.labels.some(({ parcel }) => parcel === number) && !bought.some(({ parcel }) => parcel === number),
      );
      const own = isDone ? ownLabelsOf(context, shipment, delivery, missing) : [];
      await happen(tx, context, key, [
        ...[...bought, ...own].map(({ parcel, label }) => ({ kind: 'label-bought', shipmentId: id, revision, parcel, label }) as const),
        ...(isDone && own.length === missing.length ? [{ kind: 'erp-shipped', shipmentId: id, at: context.clock.now() } as const] : []),
      ]);
    }
  });
}

/** Labels that follow from their keys are told by no carrier: those that a delivery left on are its numbers. None when the numbers are not just those of the parcels. */
function ownLabelsOf(
  { carriers, settings, clock }: FlowContext,
  shipment: Shipment,
  { trackingNumbers }: ErpDelivery,
  missing: readonly Parcel[],
): { readonly parcel: number; readonly label: Label }[] {
  const carrier = settings.carriers.find(({ connection }) => connection === shipment.carrier);
  const isOwn = carriers.get(shipment.carrier)?.safety.buy === 'natural';
  if (carrier === undefined || !isOwn || trackingNumbers.length !== shipment.parcels.length) return [];
  return missing.flatMap(({ number }) => {
    const trackingNumber = trackingNumbers[number - 1];
    return trackingNumber === undefined
      ? []
      : [{ parcel: number, label: plainLabel(trackingNumber, carrier, { settings, now: clock.now() }) }];
  });
}

/** Lets what happened meanwhile happen to the order again, in its order. What it asks for on the way has been done, but for telling the channel, which is looked up. */
async function adopt(
  context: FlowContext,
  key: string,
  { there, shipments }: { readonly there: ErpOrder; readonly shipments: readonly AdoptedShipment[] },
): Promise<'adopted' | 'held'> {
  const decisionId = `restored/${there.ref}`;
  const taken = await context.journal.transaction(async (tx) => {
    const before = await findCase(tx, key);
    if (before === null || before.case.erpWriteAsked) return true;
    const reason = `the ERP has it as ${there.name}: it was let go before the journal was restored`;
    if (before.case.holds.length > 0) await happen(tx, context, key, [{ kind: 'hold-released', code: 'all', by: 'quartermaster', reason }]);
    // Keys of labels are made of a shipment's id: under an id of the lost journal another parcel could meet this one's label.
    const series = `restored${context.clock.now().replaceAll(/\D/g, '')}`;
    const drafts = shipments.map(({ draft }) => draft);
    const planned = await applyEvent(tx, context, key, { kind: 'sourced', decisionId, shipments: drafts, series });
    if (planned.state !== 'committed') return false;
    await happen(tx, context, key, [writtenEvent(there, lineNames(planned))]);
    for (const [index, { labels, left }] of shipments.entries()) {
      const shipmentId = planned.shipments[index]?.id ?? '';
      await happen(tx, context, key, [
        ...labels.map((label, at) => ({ kind: 'label-bought', shipmentId, revision: 1, parcel: at + 1, label }) as const),
        ...(left ? [{ kind: 'erp-shipped', shipmentId, at: context.clock.now() } as const] : []),
      ]);
    }
    await tx.intents.cancel({ orderKey: key, kinds: ['write-order', 'buy-label', 'ship'] });
    // A label is bought for what was released: such a parcel leaves now, and does not wait for another wave.
    const labelled = planned.shipments.flatMap(({ id }, index) => {
      const shipment = shipments[index];
      return shipment !== undefined && shipment.labels.length > 0 && !shipment.left ? [id] : [];
    });
    if (labelled.length > 0) await happen(tx, context, key, [{ kind: 'released', shipmentIds: labelled }]);
    return true;
  });
  return taken ? 'adopted' : hold(context, key, `the ERP has it as ${there.name}, with other lines`);
}

async function happen(tx: Transaction, context: FlowContext, key: string, events: readonly OrderEvent[]): Promise<void> {
  for (const event of events) await applyEvent(tx, context, key, event);
}
