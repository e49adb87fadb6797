/** The statement that makes a delivery's evidence, put together from the table of copied fields. */
import { COPIED_FIELDS, type CopiedField } from './copied-fields.ts';

/** What every piece of evidence has of its own: no field of the source's becomes of it. */
const OWN_COLUMNS: Readonly<Record<string, string>> = {
  id: 'i.target_evidence_id',
  organization_id: 't.organization_id',
  evidence_number: `'E-' || lpad((t.first_number + i.place)::text,
    greatest(6, length((t.first_number + i.place)::text)), '0')`,
  state: `'active'`,
  object_key: 'i.target_key',
  object_version: 'i.target_version',
  object_etag: 'i.target_etag',
  owner_id: 't.recipient',
  evidence_group_id: 'null::uuid',
  custom_metadata: `'{}'::jsonb`,
  // A hold travels with the copy, in the name of the source; the partner may lift its own.
  hold: `case when s.hold is not null then jsonb_build_object('reason', s.hold->'reason',
    'by', t.source_organization->'name', 'at', t.copied_at) end`,
  // Worked out when the evidence lies in its case.
  retention_look_at: 'null::timestamptz',
  version: '1',
  created_at: 't.now',
  updated_at: 't.now',
};

/** Members of JSON columns that say where the evidence is from, beside what is copied into them. */
const OWN_MEMBERS: Readonly<Record<string, string>> = {
  'copied_from.organization': 't.source_organization',
  'copied_from.evidenceNumber': 's.evidence_number',
  'copied_from.copiedAt': 't.copied_at',
  'fleet.vehicleId': 'null',
  'fleet.cameraMountPosition': 'null',
};

/** Each column with the SQL of its value. */
export function evidenceColumns(): ReadonlyMap<string, string> {
  const paths = new Map<string, string>(Object.entries({ ...OWN_COLUMNS, ...OWN_MEMBERS }));
  for (const field of COPIED_FIELDS as readonly CopiedField[]) {
    if (!('into' in field)) continue;
    if (paths.has(field.into)) throw new Error(`${field.into} is written twice`);
    paths.set(field.into, field.sql);
  }
  paths.set('tags', allTags());
  const columns = new Map<string, string>();
  for (const path of paths.keys()) {
    const [column = ''] = path.split('.');
    columns.set(column, valueOf(column, paths));
  }
  return columns;
}

/** SQL for a column, or for a member of one: its own, or an object of the members below it. */
function valueOf(path: string, paths: ReadonlyMap<string, string>): string {
  const own = paths.get(path);
  if (own !== undefined) return own;
  const below = [...paths.keys()].filter((other) => other.startsWith(`${path}.`));
  const names = new Set(below.map((other) => other.slice(path.length + 1).split('.')[0] ?? ''));
  const members = [...names].map((name) => `'${name}', ${valueOf(`${path}.${name}`, paths)}`);
  const built = `jsonb_build_object(${members.join(', ')})`;
  return path === 'fleet' ? `case when s.fleet is not null then ${built} end` : built;
}

/** All tags, each once and on one line, in the order of the table. */
function allTags(): string {
  const tags = (COPIED_FIELDS as readonly CopiedField[]).flatMap((field) =>
    field.rule === 'tags' ? [field.sql] : [],
  );
  return `array(select trim(regexp_replace(one.tag, '\\s+', ' ', 'g'))
    from unnest(${tags.map((sql) => `(${sql})`).join(' || ')}) with ordinality as one (tag, position)
    group by 1 order by min(one.position))`;
}

/**
 * Makes the evidence of a delivery. Its values: the target's organization, the first of the evidence
 * numbers, the recipient, the source's organization as JSON, now and now as text, the share, the delivery.
 */
export function insertEvidenceSql(): string {
  const columns = [...evidenceColumns()];
  return `insert into evidence (${columns.map(([column]) => column).join(', ')})
    select ${columns.map(([, value]) => value).join(',\n      ')}
    from (select ?::uuid as organization_id, ?::bigint as first_number, ?::uuid as recipient,
        ?::jsonb as source_organization,
        ?::timestamptz as now, ?::text as copied_at, ?::uuid as share_id) as t
    cross join (select *, row_number() over (order by position) - 1 as place
      from copy_items where delivery_id = ?) as i
    join evidence s on s.id = i.evidence_id
    left join groups g on g.id = s.evidence_group_id
    left join copy_multicam_groups m on m.share_id = t.share_id and m.source_group = s.multicam_group`;
}
