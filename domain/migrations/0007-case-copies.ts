import { Migration } from '@mikro-orm/migrations';

/** Copies of cases: their deliveries, the files of each, and what is attached to copied evidence. */
export class CaseCopies extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      create table copy_deliveries (
        id uuid primary key,
        share_id uuid not null references shares,
        sequence int not null check (sequence > 0),
        state text not null check (state in
          ('waiting', 'copying', 'delivered', 'failing', 'failed', 'cancelling', 'cancelled')),
        requested_by uuid not null references users,
        requested_at timestamptz(3) not null,
        started_at timestamptz(3),
        ended_at timestamptz(3),
        failure jsonb,
        tidied int not null default 0,
        tidy_at timestamptz(3),
        unique (share_id, sequence),
        check ((ended_at is not null) = (state in ('delivered', 'failed', 'cancelled'))),
        check (failure is null or state in ('failing', 'failed'))
      );
      create unique index copy_deliveries_running on copy_deliveries (share_id)
        where state in ('copying', 'failing', 'cancelling');
      create index copy_deliveries_untidied on copy_deliveries (share_id, tidy_at) where tidy_at is not null;

      create table copy_items (
        delivery_id uuid not null references copy_deliveries,
        position int not null,
        evidence_id uuid not null references evidence,
        target_evidence_id uuid not null unique,
        size bigint not null,
        sha256 text not null,
        crc32 bigint not null,
        source_key text not null,
        source_version text,
        source_etag text not null,
        target_key text not null unique,
        target_version text,
        target_etag text,
        store_upload_id text,
        copied_at timestamptz(3),
        hash_state text,
        hash_offset bigint not null default 0,
        proven_at timestamptz(3),
        trail_key text unique,
        trail_version text,
        trail_etag text,
        trail_size bigint,
        trail_sha256 text,
        failure jsonb,
        settled_at timestamptz(3),
        primary key (delivery_id, position),
        unique (delivery_id, evidence_id),
        check (copied_at is null or target_etag is not null),
        check (settled_at is null or (proven_at is not null and failure is null))
      );
      create index copy_items_open on copy_items (delivery_id, position) where settled_at is null;
      create index copy_items_evidence on copy_items (evidence_id);

      create table copy_multicam_groups (
        share_id uuid not null references shares,
        source_group uuid not null,
        target_group uuid not null,
        primary key (share_id, source_group)
      );

      create table evidence_attachments (
        id uuid primary key,
        evidence_id uuid not null references evidence on delete cascade,
        kind text not null check (kind in ('audit_trail')),
        file_name text not null,
        content_type text not null,
        size bigint not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        object_key text not null unique,
        object_version text,
        object_etag text not null,
        created_at timestamptz(3) not null
      );
      create index evidence_attachments_evidence on evidence_attachments (evidence_id, id);
    `);
  }
}
