import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { currencyExponent, epochMs, instantOf, type Clock, type Instant } from '@quartermaster/domain';
import { gramsOf, type LabelRequestBody, type ShipmentRequest } from './requests.ts';
import { offerOf, type SandboxOffer, type SandboxTariff } from './tariff.ts';

export type SandboxWarehouse = { readonly id: string; readonly country: string };

/** What goes wrong once, at the next call that it is about. */
export type SandboxTrouble =
  /** The carrier refuses a purchase: 400 `unspecified` of the carrier; nothing is bought, and the external id is used up. */
  | 'refused'
  /** The carrier breaks down and did nothing: 400 with an error of type `system`. */
  | 'broken'
  /** The same, but the label was made. */
  | 'broken-bought'
  /** ShipEngine answers 504, and the label is there only 45 seconds later; meanwhile its id is taken and shows none. */
  | 'slow'
  /** 200 with a label of status `error`. */
  | 'failed-label'
  /** One carrier of those that are rated does not answer: status `partial`. */
  | 'partial-rates'
  /** 200 with `approved: false`. */
  | 'void-refused';

export type Scan = { readonly at: Instant; readonly status: string; readonly detail: string; readonly text: string };

export type StoredLabel = {
  readonly id: string;
  readonly shipmentId: string;
  readonly externalId: string;
  readonly request: LabelRequestBody;
  readonly tariff: SandboxTariff;
  readonly offer: Extract<SandboxOffer, { kind: 'offered' }>;
  readonly currency: string;
  readonly createdAt: Instant;
  readonly trackingNumber: string;
  status: 'processing' | 'completed' | 'error' | 'voided';
  voidedAt: Instant | null;
  scans: Scan[];
  isFollowed: boolean;
  manifestId: string | null;
};

/** A shipment that took an external id; `label` is null while a label is made, and where none was made. */
export type StoredShipment = {
  readonly id: string;
  readonly externalId: string;
  state: 'pending' | 'processing' | 'label_purchased';
  label: StoredLabel | null;
};

export type Refusal = {
  readonly status: number;
  readonly source: 'carrier' | 'shipengine';
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
};

const slowPurchaseMs = 45_000;

export type ShipEngineState = ReturnType<typeof shipengineState>;

/** All that the sandbox remembers: shipments by the external id that they took, and their labels. */
export function shipengineState(given: {
  readonly clock: Clock;
  readonly currency: string;
  readonly tariffs: readonly SandboxTariff[];
  readonly warehouses: readonly SandboxWarehouse[];
  readonly seed: number;
}) {
  const { clock, currency } = given;
  const random = seededRandom(given.seed);
  const shipments = new Map<string, StoredShipment>();
  const labels = new Map<string, StoredLabel>();
  const slow: { readonly shipment: StoredShipment; readonly label: StoredLabel; readonly doneAt: number }[] = [];
  const troubles: SandboxTrouble[] = [];
  let tariffs = given.tariffs;
  let ids = 1_000;

  function newId(): string {
    ids += 1;
    return `se-${ids}`;
  }

  /** Whether this trouble is due; it is over then. */
  function meets(trouble: SandboxTrouble): boolean {
    const index = troubles.indexOf(trouble);
    if (index >= 0) troubles.splice(index, 1);
    return index >= 0;
  }

  /** Lets come true what was due by now. */
  function settle(): void {
    const now = epochMs(clock.now());
    for (const one of slow.filter(({ doneAt }) => doneAt <= now)) {
      slow.splice(slow.indexOf(one), 1);
      one.shipment.state = 'label_purchased';
      one.shipment.label = one.label;
      labels.set(one.label.id, one.label);
    }
  }

  function originOf(shipment: Pick<ShipmentRequest, 'ship_from' | 'warehouse_id'>): string | null {
    if (shipment.ship_from !== undefined) return shipment.ship_from.country_code;
    return given.warehouses.find(({ id }) => id === shipment.warehouse_id)?.country ?? null;
  }

  function priced(
    tariff: SandboxTariff,
    shipment: Pick<ShipmentRequest, 'ship_to' | 'packages' | 'confirmation' | 'insurance_provider'>,
    from: string,
  ): SandboxOffer {
    const insured =
      shipment.insurance_provider === 'none'
        ? 0
        : shipment.packages.reduce((sum, { insured_value: value }) => sum + (value?.amount ?? 0), 0);
    return offerOf(tariff, {
      from,
      to: shipment.ship_to.country_code,
      grams: shipment.packages.reduce((sum, { weight }) => sum + gramsOf(weight), 0),
      currency,
      isSigned: (shipment.confirmation ?? 'none') !== 'none',
      insuredMinor: insured * 10 ** currencyExponent(currency),
    });
  }

  function invalid(field: string, message: string, code = 'invalid_field_value'): Refusal {
    return { status: 400, source: 'shipengine', type: 'validation', code, message, field };
  }

  function trackingNumberOf(carrierCode: string): string {
    const digits = (length: number) => Array.from({ length }, () => Math.floor(random() * 10)).join('');
    return carrierCode === 'ups' ? `1ZXR18U6${digits(10)}` : `94001${digits(17)}`;
  }

  return {
    settle,
    meets,
    originOf,
    priced,
    newId,
    tariffs: () => tariffs,
    setTariffs(next: readonly SandboxTariff[]): void {
      tariffs = next;
    },
    arm(trouble: SandboxTrouble): void {
      troubles.push(trouble);
    },
    shipmentOf: (externalId: string): StoredShipment | null => shipments.get(externalId) ?? null,
    label: (id: string): StoredLabel | null => labels.get(id) ?? null,
    labels: (): readonly StoredLabel[] => [...labels.values()],

    /** Buys by the rules: an external id is taken once, whatever came of it. */
    buy(request: LabelRequestBody): StoredLabel | Refusal {
      const { shipment } = request;
      const from = originOf(shipment);
      if (from === null) return invalid('shipment.warehouse_id', 'There is no such warehouse.', 'invalid_identifier');
      const externalId = shipment.external_shipment_id ?? newId();
      if (shipments.has(externalId))
        return invalid(
          'shipment.external_shipment_id',
          `A shipment with external_shipment_id ${externalId} exists already.`,
          'identifier_conflict',
        );
      if (!tariffs.some(({ carrierId }) => carrierId === shipment.carrier_id))
        return invalid('shipment.carrier_id', 'There is no such carrier account.', 'carrier_not_connected');
      const tariff = tariffs.find(
        ({ carrierId, serviceCode }) => carrierId === shipment.carrier_id && serviceCode === shipment.service_code,
      );
      if (tariff === undefined) return invalid('shipment.service_code', 'The carrier has no such service.');
      if (
        from !== shipment.ship_to.country_code &&
        (shipment.customs === undefined || shipment.packages.some(({ products }) => (products ?? []).length === 0))
      )
        return invalid('shipment.customs', 'Customs declarations are required for international shipments.', 'customs_items_required');
      if (shipment.ship_date !== undefined && shipment.ship_date.slice(0, 10) < clock.now().slice(0, 10))
        return invalid('shipment.ship_date', 'The ship date lies in the past.');
      const stored: StoredShipment = { id: newId(), externalId, state: 'pending', label: null };
      shipments.set(externalId, stored);
      const offer = priced(tariff, shipment, from);
      if (offer.kind === 'refused')
        return { status: 400, source: 'carrier', type: 'business_rules', code: 'unspecified', message: offer.message };
      if (meets('refused'))
        return {
          status: 400,
          source: 'carrier',
          type: 'business_rules',
          code: 'unspecified',
          message: 'The carrier refused the shipment.',
        };
      if (meets('broken')) return broken;
      const label: StoredLabel = {
        id: newId(),
        shipmentId: stored.id,
        externalId,
        request,
        tariff,
        offer,
        currency,
        createdAt: clock.now(),
        trackingNumber: trackingNumberOf(tariff.carrierCode),
        status: meets('failed-label') ? 'error' : 'completed',
        voidedAt: null,
        scans: [],
        isFollowed: false,
        manifestId: null,
      };
      if (meets('slow')) {
        stored.state = 'processing';
        slow.push({ shipment: stored, label, doneAt: epochMs(clock.now()) + slowPurchaseMs });
        return { status: 504, source: 'shipengine', type: 'system', code: 'unspecified', message: 'The carrier did not answer in time.' };
      }
      stored.label = label;
      if (label.status === 'completed') stored.state = 'label_purchased';
      labels.set(label.id, label);
      return meets('broken-bought') ? broken : label;
    },

    /** Gives a label back; the answer is null where it is approved, else the reason code. */
    void(label: StoredLabel): string | null {
      if (label.status === 'voided') return 'label_already_voided';
      if (meets('void-refused')) return 'contact_carrier';
      if (label.scans.length > 0) return 'label_already_used';
      label.status = 'voided';
      label.voidedAt = clock.now();
      return null;
    },

    scan(label: StoredLabel, status: string, detail: string, text: string): void {
      label.scans.push({ at: instantOf(epochMs(clock.now())), status, detail, text });
    },
  };
}

const broken: Refusal = { status: 400, source: 'carrier', type: 'system', code: 'unspecified', message: 'The carrier is not available.' };
