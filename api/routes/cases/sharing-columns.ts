import type { SharingColumns } from '../../../domain/sharing/sharing-columns.ts';

/** The columns of an export that say what was shared, in the words of the product. */
export const SHARING_COLUMNS = [
  { key: 'sharedTo', header: 'Shared To' },
  { key: 'sharedFrom', header: 'Shared From' },
  { key: 'sharedOn', header: 'Shared On' },
  { key: 'notSharedTo', header: 'Not Shared To' },
] as const satisfies { readonly key: keyof SharingColumns; readonly header: string }[];
