import { Migration } from '@mikro-orm/migrations';

/** Partner access: whom it was told to, the links it is opened by, and how recipients sign in. */
export class PartnerAccessMigration extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table shares
        add column partnership_id uuid references partners,
        add column organization_invited_at timestamptz(3),
        add constraint shares_partnership check (method <> 'partner_access' or partnership_id is not null);
      create index shares_live_access on shares (case_id)
        where method = 'partner_access' and revoked_at is null;
      create index shares_organization_access on shares (partner_organization_id)
        where entire_organization and revoked_at is null;

      alter table share_recipients add column invited_at timestamptz(3);

      create table share_access_links (
        id uuid primary key,
        share_id uuid not null references shares,
        user_id uuid not null references users,
        principal_type text check (principal_type in ('user', 'group')),
        principal_id uuid,
        generation int not null default 1,
        token_hash bytea unique,
        made_at timestamptz(3) not null,
        ended_at timestamptz(3),
        unique (share_id, user_id),
        check ((principal_type is null) = (principal_id is null))
      );
      create index share_access_links_user on share_access_links (user_id);

      alter table notifications add column secret jsonb;

      create table organization_issuers (
        organization_id uuid primary key references organizations,
        issuer text not null,
        updated_at timestamptz(3) not null
      );

      create table sign_in_attempts (
        id uuid primary key,
        secret_hash bytea not null unique,
        begun_by text not null check (begun_by in ('link', 'address')),
        user_id uuid references users,
        share_id uuid references shares,
        return_to uuid,
        method text not null check (method in ('code', 'issuer')),
        issuer text,
        begun_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        code_generation int not null default 0,
        code_expires_at timestamptz(3),
        code_tries int not null default 0,
        used_at timestamptz(3),
        check ((method = 'issuer') = (issuer is not null)),
        check ((user_id is null) = (share_id is null)),
        check (begun_by = 'address' or user_id is not null)
      );
      create index sign_in_attempts_age on sign_in_attempts (expires_at);

      create table user_sessions (
        id uuid primary key,
        user_id uuid not null references users,
        secret_hash bytea not null unique,
        method text not null check (method in ('code', 'issuer')),
        opened_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        ended_at timestamptz(3)
      );
      create index user_sessions_user on user_sessions (user_id);
      create index user_sessions_age on user_sessions (expires_at);

      create table sensitive_acceptances (
        user_session_id uuid not null references user_sessions on delete cascade,
        evidence_id uuid not null references evidence,
        accepted_at timestamptz(3) not null,
        primary key (user_session_id, evidence_id)
      );
    `);
  }
}
