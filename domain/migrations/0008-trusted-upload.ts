import { Migration } from '@mikro-orm/migrations';

/** Trusted upload: trusted users, requests with their links and sessions, and what their lives note. */
export class TrustedUpload extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table notifications add column from_name text, add column reply_to text;

      create table trusted_users (
        id uuid primary key,
        organization_id uuid not null references organizations,
        email text not null check (email = lower(email)),
        name text,
        language text not null check (language in ('en', 'es', 'fr')),
        added_by uuid not null references users,
        added_at timestamptz(3) not null,
        removed_at timestamptz(3),
        version int not null default 1
      );
      create unique index trusted_users_email on trusted_users (organization_id, email)
        where removed_at is null;
      create index trusted_users_list on trusted_users (organization_id, id) where removed_at is null;

      create table upload_requests (
        id uuid primary key,
        organization_id uuid not null references organizations,
        case_id uuid not null references cases,
        trusted_user_id uuid not null references trusted_users,
        sender_id uuid not null references users,
        earlier_request_id uuid references upload_requests,
        fields text[] not null check (fields <@ array['police_number', 'accused', 'court_number']),
        note text,
        link_generation int not null default 1,
        expires_at timestamptz(3) not null,
        sending int not null default 1,
        refreshed_at timestamptz(3),
        first_completed_at timestamptz(3),
        closed_at timestamptz(3),
        closed_by uuid references users,
        log_mails_wanted int not null default 0,
        log_asked_at timestamptz(3),
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        check ((closed_at is null) = (closed_by is null))
      );
      create index upload_requests_case on upload_requests (case_id, id);
      create index upload_requests_open on upload_requests (trusted_user_id) where closed_at is null;

      create table upload_request_links (
        request_id uuid not null references upload_requests,
        generation int not null,
        token_hash bytea not null unique,
        made_at timestamptz(3) not null,
        primary key (request_id, generation)
      );
      create table activity_log_links (
        id uuid primary key,
        request_id uuid not null references upload_requests,
        token_hash bytea not null unique,
        made_at timestamptz(3) not null,
        expires_at timestamptz(3) not null
      );
      create index activity_log_links_request on activity_log_links (request_id, id);

      create table request_sessions (
        id uuid primary key,
        request_id uuid not null references upload_requests,
        generation int,
        log_link_id uuid references activity_log_links,
        secret_hash bytea not null unique,
        opened_at timestamptz(3) not null,
        foreign key (request_id, generation) references upload_request_links (request_id, generation),
        check (num_nonnulls(generation, log_link_id) = 1)
      );
      create index request_sessions_request on request_sessions (request_id, id);

      create table upload_request_progress (
        request_id uuid primary key references upload_requests,
        invited_sending int not null default 0,
        invited_at timestamptz(3),
        last_mail_at timestamptz(3),
        reminders_used text[] not null default '{}',
        expiry_handled_for timestamptz(3),
        received_notices int not null default 0,
        closing_told_at timestamptz(3),
        log_mails_written int not null default 0
      );

      alter table uploads
        alter column created_by drop not null,
        add column upload_request_id uuid references upload_requests,
        add column reported_in int,
        add constraint uploads_whose check (num_nonnulls(created_by, upload_request_id) = 1);
      create index uploads_request on uploads (upload_request_id, id) where upload_request_id is not null;
      create index uploads_unreported on uploads (upload_request_id, settled_at)
        where state = 'verified' and reported_in is null and upload_request_id is not null;

      alter table evidence add column scan jsonb;
    `);
  }
}
