import { Migration } from '@mikro-orm/migrations';

/** Reconciliation: what it is doing and found, and how far each audit chain was verified. */
export class Reconciliation extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table lifecycles
        alter column organization_id drop not null,
        add column ended boolean not null default false,
        add constraint lifecycles_organization
          check (organization_id is not null or kind = 'reconciliation');
      update lifecycles set ended = true
        where planned >= wanted and wake_at is null and waiting_for = 'nothing';

      create table reconciliation (
        id uuid primary key,
        is_only boolean not null default true unique check (is_only),
        next_at timestamptz(3) not null,
        began_at timestamptz(3),
        position jsonb,
        totals jsonb,
        ended_at timestamptz(3),
        last_totals jsonb,
        check ((began_at is null) = (position is null) and (began_at is null) = (totals is null))
      );
      create table reconciliation_findings (
        kind text not null check (kind in ('life-without-workflow', 'workflow-without-row',
          'mail-unsent', 'upload-not-tidied', 'upload-unknown', 'chain-broken')),
        subject text not null,
        organization_id uuid references organizations,
        detail text not null,
        first_found_at timestamptz(3) not null,
        last_found_at timestamptz(3) not null,
        primary key (kind, subject)
      );
      create table audit_verifications (
        organization_id uuid primary key references organizations,
        whole_since timestamptz(3) not null,
        read_sequence bigint not null default 0,
        read_hash text,
        noted_sequence bigint not null default 0,
        noted_hash text,
        check ((read_sequence = 0) = (read_hash is null)),
        check ((noted_sequence = 0) = (noted_hash is null))
      );
    `);
  }
}
