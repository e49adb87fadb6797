import { Migration } from '@mikro-orm/migrations';

/** Retention: when evidence is looked at next, its deletion in two phases, and what the store really has. */
export class Retention extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table evidence add column retention_look_at timestamptz(3);
      create index evidence_retention_look on evidence (organization_id, retention_look_at)
        where retention_look_at is not null;
      create index evidence_queued_on on evidence (organization_id, queued_for_deletion_on)
        where queued_for_deletion_on is not null;
      create index evidence_state on evidence (organization_id, state, id)
        where state in ('declined', 'quarantined', 'queued_for_deletion');
      create index evidence_objects on evidence (organization_id, object_key collate "C");
      create index evidence_owner on evidence (owner_id, id);
      create index evidence_assignee on evidence (assignee_id, id);
      create index evidence_held on evidence (organization_id, id) where hold is not null;

      create table deletions (
        evidence_id uuid primary key references evidence on delete cascade,
        organization_id uuid not null references organizations,
        queued_by text not null check (queued_by in ('rule', 'hand')),
        state_before text not null check (state_before in ('active', 'declined', 'quarantined')),
        queued_at timestamptz(3) not null,
        destroy_after timestamptz(3) not null,
        restored_at timestamptz(3),
        decided_at timestamptz(3),
        attempts int not null default 0,
        failure text,
        next_attempt_at timestamptz(3),
        gone_at timestamptz(3),
        check (destroy_after > queued_at),
        check (decided_at is null or restored_at is null),
        check (gone_at is null or decided_at is not null),
        check ((next_attempt_at is not null) = (decided_at is not null and gone_at is null))
      );
      create index deletions_open on deletions (organization_id, next_attempt_at)
        where next_attempt_at is not null;
      create index deletions_gone on deletions (organization_id, gone_at) where gone_at is not null;

      create table retention_progress (
        organization_id uuid primary key references organizations,
        notice_at timestamptz(3) not null,
        notices int not null default 0,
        noticed_at timestamptz(3),
        inventory_at timestamptz(3) not null,
        inventory_began_at timestamptz(3),
        inventory_after text,
        inventory_objects bigint not null default 0,
        inventory_bytes bigint not null default 0,
        inventory_ended_at timestamptz(3)
      );
      create table retention_recalculations (
        id uuid primary key,
        organization_id uuid not null references organizations,
        category_id uuid,
        after_evidence_id uuid
      );
      create index retention_recalculations_open on retention_recalculations (organization_id, id);

      create table inventory_findings (
        organization_id uuid not null references organizations,
        object_key text not null,
        kind text not null check (kind in ('object-missing', 'size-differs', 'object-unknown')),
        evidence_id uuid,
        expected_size bigint,
        found_size bigint,
        first_found_at timestamptz(3) not null,
        last_found_at timestamptz(3) not null,
        primary key (organization_id, object_key, kind)
      );

      insert into retention_progress (organization_id, notice_at, inventory_at)
        select id, clock_timestamp(), clock_timestamp() from organizations;
      insert into retention_recalculations (id, organization_id)
        select gen_random_uuid(), id from organizations;
      insert into lifecycles (workflow_id, kind, entity_id, organization_id, wanted, wanted_at)
        select 'retention:' || id, 'retention', id, id, 1, clock_timestamp() from organizations;
    `);
  }
}
