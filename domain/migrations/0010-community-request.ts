import { Migration } from '@mikro-orm/migrations';

/** Community request: settings, portals, invites, submissions and triage; clients of the integration. */
export class CommunityRequest extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      create table invite_settings (
        organization_id uuid not null references organizations,
        kind text not null check (kind in ('individual', 'public')),
        settings jsonb not null,
        version int not null default 1,
        updated_at timestamptz(3) not null,
        primary key (organization_id, kind)
      );
      create table incident_report_integrations (
        organization_id uuid primary key references organizations,
        request_owner_id uuid not null references users,
        evidence_owner_id uuid not null references users,
        notify_request_owner_on_portal boolean not null,
        notify_evidence_owner_on_submission boolean not null,
        auto_accept boolean not null,
        default_category_id uuid references categories on delete restrict,
        version int not null default 1,
        updated_at timestamptz(3) not null
      );

      create table api_clients (
        id uuid primary key,
        organization_id uuid not null references organizations,
        name text not null,
        created_by uuid not null references users,
        deleted_at timestamptz(3),
        deleted_by uuid references users,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        check ((deleted_at is null) = (deleted_by is null))
      );
      create index api_clients_list on api_clients (organization_id, id) where deleted_at is null;
      create table api_client_changes (
        client_id uuid not null references api_clients,
        number int not null,
        change text not null check (change in ('created', 'secret_added', 'secret_removed', 'deleted')),
        changed_by uuid not null references users,
        changed_at timestamptz(3) not null,
        told_at timestamptz(3),
        primary key (client_id, number)
      );
      create table api_client_secrets (
        id uuid primary key,
        client_id uuid not null references api_clients,
        secret_hash bytea not null unique,
        created_by uuid not null references users,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3),
        removed_at timestamptz(3)
      );
      create index api_client_secrets_client on api_client_secrets (client_id, id) where removed_at is null;
      create table api_tokens (
        token_hash bytea primary key,
        secret_id uuid not null references api_client_secrets,
        scopes text[] not null,
        issued_at timestamptz(3) not null,
        expires_at timestamptz(3) not null
      );
      create index api_tokens_age on api_tokens (expires_at);
      create index api_tokens_secret on api_tokens (secret_id);

      create table portals (
        id uuid primary key,
        organization_id uuid not null references organizations,
        kind text not null check (kind in ('individual', 'public', 'incident_report')),
        case_id uuid references cases,
        report_id text,
        api_client_id uuid references api_clients,
        title text,
        description text,
        slug text,
        owner_id uuid not null references users,
        evidence_owner_id uuid not null references users,
        created_by uuid references users,
        expires_at timestamptz(3),
        closed_at timestamptz(3),
        seen_at timestamptz(3),
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        check ((kind = 'public') = (slug is not null)),
        check ((kind = 'incident_report') = (api_client_id is not null)),
        check (num_nonnulls(created_by, api_client_id) = 1)
      );
      create unique index portals_slug on portals (organization_id, slug) where slug is not null;
      create unique index portals_report on portals (api_client_id, report_id)
        where api_client_id is not null and report_id is not null;
      create index portals_list on portals (organization_id, id);
      create index portals_case on portals (case_id, id) where case_id is not null;
      create table portal_categories (
        portal_id uuid not null references portals,
        category_id uuid not null references categories on delete restrict,
        primary key (portal_id, category_id)
      );
      create index portal_categories_category on portal_categories (category_id);
      create table portal_progress (
        portal_id uuid primary key references portals,
        creation_told_at timestamptz(3),
        expiry_handled_for timestamptz(3),
        submission_notices int not null default 0,
        submission_told_at timestamptz(3)
      );

      create table invites (
        id uuid primary key,
        organization_id uuid not null references organizations,
        portal_id uuid not null references portals,
        delivery text not null check (delivery in ('email', 'sms', 'none')),
        language text not null check (language in ('en', 'es', 'fr')),
        created_by uuid references users,
        link_generation int not null default 1,
        expires_at timestamptz(3) not null,
        sending int not null default 1,
        spent_at timestamptz(3),
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create index invites_portal on invites (portal_id, id);
      create table invite_links (
        invite_id uuid not null references invites,
        generation int not null,
        token_hash bytea not null unique,
        made_at timestamptz(3) not null,
        primary key (invite_id, generation)
      );
      create table invite_sessions (
        id uuid primary key,
        invite_id uuid not null references invites,
        generation int not null,
        secret_hash bytea not null unique,
        opened_at timestamptz(3) not null,
        foreign key (invite_id, generation) references invite_links (invite_id, generation)
      );
      create index invite_sessions_invite on invite_sessions (invite_id, id);
      create table invite_progress (
        invite_id uuid primary key references invites,
        invited_sending int not null default 0,
        invited_at timestamptz(3),
        last_mail_at timestamptz(3),
        reminders_used text[] not null default '{}',
        expiry_handled_for timestamptz(3),
        discarded_for timestamptz(3)
      );

      create table community_members (
        invite_id uuid primary key references invites,
        organization_id uuid not null references organizations,
        first_name text,
        last_name text,
        email text,
        phone text,
        date_of_birth date,
        stored_at timestamptz(3) not null
      );
      create table invite_addresses (
        invite_id uuid primary key references invites,
        key_id text not null,
        sealed bytea not null
      );

      create table submissions (
        id uuid primary key,
        organization_id uuid not null references organizations,
        portal_id uuid not null references portals,
        invite_id uuid not null unique references invites,
        evidence_owner_id uuid not null references users,
        auto_accepted boolean not null,
        accepted_terms jsonb,
        told_in int,
        submitted_at timestamptz(3) not null
      );
      create index submissions_list on submissions (organization_id, id);
      create index submissions_portal on submissions (portal_id, id);
      create table submission_files (
        submission_id uuid not null references submissions,
        evidence_id uuid not null unique references evidence,
        position int not null,
        decision text check (decision in ('accepted', 'declined')),
        decided_by uuid references users,
        decided_at timestamptz(3),
        primary key (submission_id, position),
        check ((decision is null) = (decided_at is null))
      );
      create index submission_files_pending on submission_files (submission_id) where decision is null;

      alter table uploads
        add column invite_id uuid references invites,
        add column caption text,
        drop constraint uploads_whose,
        add constraint uploads_whose check (num_nonnulls(created_by, upload_request_id, invite_id) = 1);
      create index uploads_invite on uploads (invite_id, id) where invite_id is not null;

      alter table notifications add column channel text not null default 'email'
        check (channel in ('email', 'sms'));
    `);
  }
}
