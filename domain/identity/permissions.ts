/** The permissions of product rules, section 2: each `none`, `own` or `any`. */
export const PERMISSIONS = [
  'case.create',
  'case.edit',
  'case.editRetention',
  'case.share',
  'case.shareExternally',
  'case.shareDownloadLinks',
  'evidence.view',
  'evidence.edit',
  'evidence.share',
  'evidence.shareExternally',
  'evidence.shareDownloadLinks',
  'evidence.triage',
  'evidence.delete',
  'evidence.hold',
  'request.send',
  'portal.view',
  'portal.invite',
  'portal.createPublic',
  'portal.editAndClose',
  'audit.view',
  'admin.organization',
  'admin.partners',
  'admin.users',
  'admin.trustedUpload',
  'admin.invites',
  'admin.apiClients',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** `own` reaches objects that the user owns or is a member of. */
export const LEVELS = ['none', 'own', 'any'] as const;
export type Level = (typeof LEVELS)[number];

/** What is granted; a permission that is not named is `none`. */
export type Grants = Readonly<Partial<Record<Permission, Level>>>;

/** The strongest level that any of several roles grants. */
export function levelOf(roles: readonly Grants[], permission: Permission): Level {
  const levels = roles.map((grants) => grants[permission] ?? 'none');
  if (levels.includes('any')) return 'any';
  return levels.includes('own') ? 'own' : 'none';
}

function grant(level: Level, ...permissions: Permission[]): Grants {
  return Object.fromEntries(permissions.map((permission) => [permission, level]));
}

/** The roles that every organization has from the start; its administrators edit them. */
export const BUILT_IN_ROLES: readonly { readonly name: string; readonly permissions: Grants }[] = [
  { name: 'administrator', permissions: grant('any', ...PERMISSIONS) },
  {
    name: 'investigator',
    permissions: {
      ...grant(
        'own',
        'case.edit',
        'case.share',
        'case.shareExternally',
        'case.shareDownloadLinks',
        'evidence.view',
        'evidence.edit',
        'evidence.share',
        'evidence.shareExternally',
        'evidence.shareDownloadLinks',
        'evidence.triage',
        'portal.view',
        'portal.editAndClose',
        'audit.view',
      ),
      ...grant('any', 'case.create', 'request.send', 'portal.invite'),
    },
  },
  {
    name: 'evidence technician',
    permissions: grant(
      'any',
      'case.create',
      'case.edit',
      'case.editRetention',
      'evidence.view',
      'evidence.edit',
      'evidence.triage',
      'evidence.delete',
      'evidence.hold',
      'portal.view',
    ),
  },
  {
    name: 'auditor',
    permissions: grant('any', 'evidence.view', 'portal.view', 'audit.view'),
  },
];
