import { Migration } from '@mikro-orm/migrations';

/** Shares of every method in one table, their recipients and selections, and what was shared when. */
export class PartnerSharing extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table shares
        drop constraint shares_method_check,
        alter column duration_days drop not null,
        alter column link_token_hash drop not null,
        alter column archive drop not null,
        add column partner_organization_id uuid references organizations,
        add column access text check (access in ('view', 'view_and_download')),
        add column entire_organization boolean not null default false,
        add column message text,
        add column attachments text[] not null default '{}',
        add column target_case_id uuid references cases,
        add column delivered_at timestamptz(3),
        add constraint shares_method check (case method
          when 'download_link' then
            format is not null and link_token_hash is not null and archive is not null
            and duration_days is not null and partner_organization_id is null
          when 'partner_access' then
            partner_organization_id <> organization_id and access is not null
            and entire_organization = (expires_at is null) and link_token_hash is null
          when 'copy' then
            partner_organization_id <> organization_id and access is null and link_token_hash is null
            and expires_at is null and revoked_at is null
          else false end);
      create index shares_partner on shares (partner_organization_id, id)
        where partner_organization_id is not null;

      create table share_recipients (
        share_id uuid not null references shares,
        principal_type text not null check (principal_type in ('user', 'group')),
        principal_id uuid not null,
        position int not null,
        added_at timestamptz(3) not null,
        removed_at timestamptz(3),
        primary key (share_id, principal_type, principal_id)
      );
      create index share_recipients_principal on share_recipients (principal_id) where removed_at is null;

      create table share_selection (
        share_id uuid not null references shares,
        evidence_id uuid not null references evidence,
        position int not null,
        primary key (share_id, evidence_id)
      );
      create index share_selection_evidence on share_selection (evidence_id);

      create table shared_evidence (
        share_id uuid not null references shares,
        source_organization_id uuid not null references organizations,
        source_case_id uuid not null references cases,
        source_evidence_id uuid not null,
        partner_organization_id uuid not null references organizations,
        target_case_id uuid,
        target_evidence_id uuid,
        shared_at timestamptz(3) not null,
        primary key (share_id, source_evidence_id)
      );
    `);
  }
}
