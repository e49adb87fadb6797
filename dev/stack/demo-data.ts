/** What the demo data is loaded with: a running stack and the settings that operator commands use. */
export interface DemoContext {
  /** Origin of the API. */
  readonly apiOrigin: string;
  /** Every variable of `casebridge.env`, with DATABASE_OWNER_URL. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tells the user what is being done. */
  readonly log: (line: string) => void;
}

/** What there is to try, whether this start made it or an earlier one. The first user is an administrator of the first organization. */
export interface DemoData {
  readonly organizations: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
  }[];
  readonly users: readonly {
    readonly email: string;
    readonly organizationId: string;
    readonly roles: readonly string[];
  }[];
  readonly links: { readonly [kind in DemoLink]?: string | undefined };
}

/** Kinds of links that a demo can have, in the order in which they are shown. */
export const DEMO_LINKS = {
  download: 'Download link',
  partnerAccess: 'Partner access',
  copy: 'Delivered copy',
  uploadRequest: 'Upload request',
  invite: 'Private invite',
  publicPortal: 'Public portal',
} as const;

export type DemoLink = keyof typeof DEMO_LINKS;
