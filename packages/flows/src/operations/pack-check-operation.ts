import { comparePacked, type PackedParcel } from '@quartermaster/fulfilment';
import type { FlowContext } from '../context.ts';
import { applyEvent, findCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { operate, refused, type Asked, type Outcome } from './operation.ts';
import { learnWeights, shipmentNamed } from './repack-operation.ts';

/**
 * A person, or a scanner in their hand, says what is in the parcels of a shipment. Right, it goes on to its labels; wrong, no label is bought and nothing leaves until it is checked right. The answer names every
 * problem either way: a check that fails is carried out, not refused.
 */
export async function checkPacked(
  context: FlowContext,
  asked: Asked,
  given: {
    readonly order: string;
    readonly shipment: string | null;
    readonly service: string | null;
    readonly parcels: readonly PackedParcel[];
  },
): Promise<Outcome> {
  const isWeighed = await learnWeights(context, given.order);
  return operate(context, asked, { name: 'pack-check', needs: 'operator', given: jsonOf(given) }, async (tx) => {
    if (!isWeighed && given.parcels.some(({ grams }) => grams !== null))
      return refused('impossible', 'the ERP does not tell now what the goods weigh', 'Ask again later, or leave the weights out.');
    const found = await findCase(tx, given.order);
    if (found === null) return refused('not-found', `the journal has no order ${given.order}`, "Look its key up with 'qm explain'.");
    if (found.case.state !== 'committed')
      return refused('wrong-state', `the order is ${found.case.state}`, 'Only what is under way to its customer is packed.');
    const shipment = shipmentNamed(found.case, given.shipment);
    if ('kind' in shipment) return shipment;
    const problems = comparePacked({
      shipment,
      packed: given.parcels,
      service: given.service,
      gramsOf: (sku) => context.catalogue.get(sku)?.grams ?? 0,
      policy: context.settings.release.packing,
    });
    await applyEvent(tx, context, given.order, { kind: 'pack-checked', shipmentId: shipment.id, problems, by: asked.by });
    const packCheck = problems.length === 0 ? 'passed' : 'failed';
    return {
      kind: 'done',
      key: given.order,
      before: { shipment: shipment.id, packCheck: shipment.packCheck },
      after: { shipment: shipment.id, packCheck, problems: [...problems] },
    };
  });
}
