import { z } from 'zod';

/** Days of the week: 1 is Monday, 7 is Sunday. */
export const weekdaysSchema = z.array(z.int().min(1).max(7)).min(1);

export const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 16:30');

const nameSchema = z.string().min(1).default('holiday');

/** Days that do not count, once or by a rule of every year. The name is what decisions are explained by. */
export const holidaySchema = z.union([
  /** One day, or, with `until`, all days from the one to the other. */
  z
    .strictObject({ name: nameSchema, on: z.iso.date(), until: z.iso.date().optional() })
    .refine(({ on, until }) => until === undefined || on <= until, { path: ['until'], message: 'a closure does not end before it begins' }),
  /**
   * The same day of every year, as `MM-DD`. Where it falls on a Saturday or a Sunday it may be kept on another day as well: on the first working day after it that is no holiday itself (`following`, as in the United
   * Kingdom), or on the Friday before a Saturday and the Monday after a Sunday (`nearest`, as in the United States).
   */
  z.strictObject({
    name: nameSchema,
    every: z.string().refine((text) => z.iso.date().safeParse(`2024-${text}`).success, 'a day of the year such as 12-25'),
    observed: z.enum(['following', 'nearest']).optional(),
  }),
  /** So many days after Easter Sunday of the western churches; before it where negative: Good Friday is -2. */
  z.strictObject({ name: nameSchema, easter: z.int().min(-80).max(250) }),
  /** A weekday of a month: the first is 1, the last is -1. */
  z.strictObject({
    name: nameSchema,
    month: z.int().min(1).max(12),
    weekday: z.int().min(1).max(7),
    nth: z.union([z.int().min(1).max(5), z.int().min(-5).max(-1)]),
  }),
]);
export type Holiday = z.infer<typeof holidaySchema>;

const workingWeek = [1, 2, 3, 4, 5];

/** On which days something is done: the days of the week without the holidays, and single days in spite of both. */
export const calendarSchema = z.strictObject({
  days: weekdaysSchema.default(workingWeek),
  holidays: z.array(holidaySchema).default([]),
  openOn: z.array(z.iso.date()).default([]),
});
export type Calendar = z.infer<typeof calendarSchema>;

/** Every day there is. */
export const everyDay: Calendar = { days: [1, 2, 3, 4, 5, 6, 7], holidays: [], openOn: [] };

/** The calendar of a warehouse; on some days of the week its cutoff may be another one. */
export const warehouseCalendarSchema = calendarSchema.extend({
  cutoffOn: z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), timeSchema).default({}),
});
export type WarehouseCalendar = z.infer<typeof warehouseCalendarSchema>;

/** Percent of the parcels, as carriers tell their transit times. */
export const confidences = [50, 75, 85, 90, 95, 97, 99] as const;
export type Confidence = (typeof confidences)[number];
export const confidenceSchema = z.literal(confidences);

const carrierDays = {
  /** Days of the week on which parcels are fetched. */
  pickupDays: weekdaysSchema,
  /** Days of the week that count as days under way. */
  transitDays: weekdaysSchema,
  /** Days of the week on which parcels are delivered: no Saturday unless it stands here. */
  deliveryDays: weekdaysSchema,
};

const percentSchema = z.enum(['50', '75', '85', '90', '95', '97', '99']);
/** Days more than stated within which so many percent arrive. */
const delaySchema = z.partialRecord(percentSchema, z.int().nonnegative().max(60));

/** When a carrier fetches, carries and delivers. What a service does otherwise stands under its id. */
export const carrierCalendarSchema = z.strictObject({
  holidays: calendarSchema.shape.holidays,
  openOn: calendarSchema.shape.openOn,
  pickupDays: carrierDays.pickupDays.default(workingWeek),
  transitDays: carrierDays.transitDays.default(workingWeek),
  deliveryDays: carrierDays.deliveryDays.default(workingWeek),
  /** Local time at the warehouse at which it fetches; without one the warehouse's cutoff alone counts. */
  cutoff: timeSchema.optional(),
  delay: delaySchema.default({}),
  services: z.record(z.string().min(1), z.strictObject({ ...carrierDays, cutoff: timeSchema, delay: delaySchema }).partial()).default({}),
});
export type CarrierCalendar = z.infer<typeof carrierCalendarSchema>;
