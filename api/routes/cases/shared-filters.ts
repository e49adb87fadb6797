/** The filters by what was shared, for cases and for the evidence of a case. */
import { z } from 'zod';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { dayIn, daysOf, instantsOf, SHARED_ON } from '../../../domain/sharing/shared-on.ts';
import type { SharedFilters } from '../../../domain/sharing/shared-search.ts';
import { id, day as oneDay } from '../../validation.ts';

const day = oneDay.optional();

const filters = {
  sharedTo: id<OrganizationId>()
    .optional()
    .describe('shared to this organization; all filters but notSharedTo hold for the same sharing'),
  sharedFrom: id<OrganizationId>().optional().describe('received as a copy from this organization'),
  sharedOn: z
    .enum(SHARED_ON)
    .optional()
    .describe('first shared then, in days of the organization’s time zone; weeks start on Monday'),
  sharedOnFrom: day.describe('first shared on this day or later'),
  sharedOnTo: day.describe('first shared on this day or earlier'),
  notSharedTo: id<OrganizationId>().optional().describe('never shared to this organization'),
};

type Asked = { readonly [Name in keyof typeof filters]?: z.output<(typeof filters)[Name]> };

const ON = ['sharedOn', 'sharedOnFrom', 'sharedOnTo'] as const;

/**
 * A query with these filters among its parameters. Rules between them are checked whatever else is wrong
 * with the query, so that every fault is told at once.
 */
function withFilters<Shape extends z.ZodRawShape>(shape: Shape, faults: (asked: Asked) => Faults) {
  return z.strictObject({ ...filters, ...shape }).superRefine(
    (asked, context) => {
      for (const [name, message] of Object.entries(faults(asked as Asked))) {
        context.addIssue({ code: 'custom', path: [name], message });
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );
}

/** Sentences by the name of the parameter that they are about. */
type Faults = Partial<Record<keyof Asked, string>>;

function faultsOfDays({ sharedOn, sharedOnFrom, sharedOnTo }: Asked): Faults {
  if (sharedOn !== undefined && (sharedOnFrom ?? sharedOnTo) !== undefined) {
    return { sharedOn: 'Give a period, or sharedOnFrom and sharedOnTo, but not both.' };
  }
  if (sharedOnFrom === undefined || sharedOnTo === undefined) return {};
  const areDays = [sharedOnFrom, sharedOnTo].every((value) => day.safeParse(value).success);
  return areDays && sharedOnFrom > sharedOnTo
    ? { sharedOnTo: 'Must not be before sharedOnFrom.' }
    : {};
}

/** Filters for cases. */
export function caseQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return withFilters(shape, faultsOfDays);
}

/** Filters for a case's evidence, where a day goes with the organization that it was shared to. */
export function evidenceQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  return withFilters(shape, (asked) => {
    const given =
      asked.sharedTo === undefined ? ON.filter((name) => asked[name] !== undefined) : [];
    return {
      ...faultsOfDays(asked),
      ...Object.fromEntries(given.map((name) => [name, 'Goes with sharedTo. Give both.'])),
    };
  });
}

/** What the filters ask of facts; periods are seen from an instant, where the organization is. */
export function sharedFilters(asked: Asked, staff: Staff, now: Date): SharedFilters {
  const { timeZone } = staff.organization;
  const { sharedOn, sharedOnFrom: first, sharedOnTo: last } = asked;
  const days = sharedOn === undefined ? { first, last } : daysOf(sharedOn, dayIn(timeZone, now));
  const isAsked = days.first !== undefined || days.last !== undefined;
  return {
    sharedTo: asked.sharedTo,
    sharedFrom: asked.sharedFrom,
    notSharedTo: asked.notSharedTo,
    sharedOn: isAsked ? instantsOf(days, timeZone) : undefined,
  };
}
