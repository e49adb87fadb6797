/** How long partner access lasts and what it allows (product rules, section 3). Pure. */
import type { Fault } from '../../errors.ts';
import type { AccessLevel } from './partner-access.entity.ts';

/** What a request asks for. */
export interface AskedTerms {
  readonly entireOrganization: boolean;
  readonly access: AccessLevel;
  readonly durationDays?: number | undefined;
}

/** What an organization allows, in days. */
export interface AccessDays {
  readonly defaultAccessDays: number;
  readonly maximumAccessDays: number;
}

/** Every fault of what is asked for. An entire organization has all access, until it is revoked. */
export function termFaults(asked: AskedTerms, days: AccessDays): Fault[] {
  const { durationDays } = asked;
  if (!asked.entireOrganization) {
    return durationDays === undefined || durationDays <= days.maximumAccessDays
      ? []
      : [
          {
            pointer: '/durationDays',
            detail: `At most ${days.maximumAccessDays} days in this organization.`,
          },
        ];
  }
  return [
    ...(asked.access === 'view_and_download'
      ? []
      : [
          {
            pointer: '/access',
            detail: 'An entire organization is given view_and_download. Name recipients for view.',
          },
        ]),
    ...(durationDays === undefined
      ? []
      : [
          {
            pointer: '/durationDays',
            detail: 'Access of an entire organization lasts until it is revoked. Leave this out.',
          },
        ]),
  ];
}

/** The days that access lasts: what is asked for, else the organization's default; null without end. */
export function grantedDays(asked: AskedTerms, days: AccessDays): number | null {
  if (asked.entireOrganization) return null;
  return asked.durationDays ?? days.defaultAccessDays;
}
