import { decimalOf, type LabelFormat } from '@quartermaster/domain';
import type { SandboxAddress } from './requests.ts';
import type { ShippoState, StoredManifest, StoredRate, StoredShipment, StoredTransaction } from './state.ts';
import { accountOf, providerOf } from './tariff.ts';

const owner = 'sandbox@quartermaster.test';

/** A shipment as Shippo writes it; without rates as long as carriers are being asked. */
export function shipmentJson(shipment: StoredShipment, isRated: boolean): Record<string, unknown> {
  const { request } = shipment;
  return {
    object_id: shipment.id,
    object_created: shipment.createdAt,
    object_updated: shipment.createdAt,
    object_owner: owner,
    status: isRated ? 'SUCCESS' : 'QUEUED',
    address_from: addressJson(request.address_from),
    address_to: addressJson(request.address_to),
    address_return: addressJson(request.address_return ?? request.address_from),
    parcels: request.parcels.map((parcel) => ({
      ...parcel,
      object_state: 'VALID',
      object_owner: owner,
      template: null,
      extra: {},
      test: true,
    })),
    shipment_date: request.shipment_date ?? shipment.createdAt,
    customs_declaration: request.customs_declaration ?? null,
    extra: request.extra ?? {},
    carrier_accounts: request.carrier_accounts ?? [],
    metadata: request.metadata ?? '',
    messages: isRated ? shipment.messages : [],
    rates: isRated ? shipment.rates.map(rateJson) : [],
    test: true,
  };
}

export function rateJson(rate: StoredRate): Record<string, unknown> {
  const amount = decimalOf(rate.price);
  const provider = providerOf(rate.tariff);
  return {
    object_id: rate.id,
    object_created: rate.shipment.createdAt,
    object_owner: owner,
    shipment: rate.shipment.id,
    attributes: [],
    amount,
    currency: rate.price.currency,
    amount_local: amount,
    currency_local: rate.price.currency,
    provider,
    provider_image_75: `https://sandbox.test/providers/75/${provider}.png`,
    provider_image_200: `https://sandbox.test/providers/200/${provider}.png`,
    servicelevel: {
      name: rate.tariff.service,
      token: rate.tariff.service,
      terms: '',
      extended_token: rate.tariff.service,
      parent_servicelevel: null,
    },
    estimated_days: rate.days,
    arrives_by: null,
    duration_terms: '',
    messages: [],
    carrier_account: accountOf(rate.tariff),
    included_insurance_price: null,
    zone: '4',
    test: true,
  };
}

export function transactionJson(transaction: StoredTransaction, state: ShippoState, origin: string): Record<string, unknown> {
  const status = state.statusOf(transaction);
  const isLabel = status !== 'QUEUED' && status !== 'ERROR';
  return {
    object_state: 'VALID',
    status,
    object_id: transaction.id,
    object_created: transaction.createdAt,
    object_updated: transaction.doneAt,
    object_owner: owner,
    test: true,
    rate: transaction.rate.id,
    tracking_number: isLabel ? transaction.trackingNumber : '',
    tracking_status: isLabel ? 'UNKNOWN' : null,
    tracking_url_provider: isLabel ? `https://sandbox.test/track/${transaction.trackingNumber}` : '',
    eta: null,
    label_url: isLabel ? `${origin}/labels/${transaction.id}.${formatOf(transaction)}?Expires=1&Signature=sandbox` : '',
    label_file_type: transaction.fileType,
    commercial_invoice_url: null,
    qr_code_url: null,
    messages: status === 'ERROR' ? transaction.messages : [],
    order: null,
    metadata: transaction.metadata,
    parcel: transaction.rate.shipment.id,
    billing: { payments: [] },
  };
}

export function formatOf({ fileType }: StoredTransaction): LabelFormat {
  return fileType.startsWith('ZPL') ? 'zpl' : fileType.startsWith('PNG') ? 'png' : 'pdf';
}

export function manifestJson(manifest: StoredManifest, origin: string): Record<string, unknown> {
  const isMade = manifest.errors.length === 0;
  return {
    object_id: manifest.id,
    object_created: manifest.createdAt,
    object_updated: manifest.createdAt,
    object_owner: owner,
    status: isMade ? 'SUCCESS' : 'ERROR',
    carrier_account: manifest.account,
    shipment_date: manifest.shipmentDate,
    address_from: manifest.id,
    transactions: manifest.transactions,
    documents: isMade ? [`${origin}/documents/${manifest.id}.pdf`] : [],
    errors: manifest.errors,
  };
}

function addressJson(address: SandboxAddress): Record<string, unknown> {
  return { is_complete: true, validation_results: {}, is_residential: null, test: true, ...address };
}
