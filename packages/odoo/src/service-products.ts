/** Service products that order lines without goods are written with. The set-up makes them. */
export const shippingSku = 'QM-SHIPPING';
export const taxSku = 'QM-TAX';
export const discountSku = 'QM-DISCOUNT';

export const serviceSkus = [shippingSku, taxSku, discountSku] as const;
