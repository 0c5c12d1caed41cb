import { z } from 'zod';
import { policySectionSchemas } from '../settings.ts';

const sectionsSchema = z.object(policySectionSchemas);

/** What is in force of every section. */
export type PolicySettings = z.infer<typeof sectionsSchema>;
export type PolicySection = keyof PolicySettings;

/** The names of the sections. */
export const policySections: readonly PolicySection[] = sectionsSchema.keyof().options;

/** The part of settings, or of a config, that is policy. */
export function policySettings(settings: PolicySettings): PolicySettings {
  return sectionsSchema.parse(settings);
}
