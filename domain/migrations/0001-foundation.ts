import { Migration } from '@mikro-orm/migrations';

/** Organizations, people, cases, evidence, uploads, download links, lifecycles, mail and the audit. */
export class Foundation extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      create table organizations (
        id uuid primary key,
        slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
        name text not null,
        kind text not null check (kind in ('police', 'justice', 'city', 'other')),
        time_zone text not null,
        region text not null,
        features text[] not null default '{}',
        default_link_days int not null default 30,
        maximum_link_days int not null default 365,
        default_access_days int not null default 90,
        maximum_access_days int not null default 365,
        default_retention_policy text check (default_retention_policy in
          ('until_manually_deleted', 'longest_retention_period', 'individual_evidence_retention')),
        declined_retention_days int not null default 30,
        file_extensions text[],
        terms jsonb not null default '{}',
        sms_webhook text,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create table evidence_counters (
        organization_id uuid primary key references organizations,
        last_number bigint not null
      );

      create table users (
        id uuid primary key,
        organization_id uuid not null references organizations,
        email text not null,
        name text not null,
        language text not null default 'en' check (language in ('en', 'es', 'fr')),
        disabled_at timestamptz(3),
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create unique index users_email on users (lower(email));
      create index users_organization on users (organization_id, id);

      create table groups (
        id uuid primary key,
        organization_id uuid not null references organizations,
        name text not null,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create unique index groups_name on groups (organization_id, lower(name));
      create table group_members (
        group_id uuid not null references groups on delete cascade,
        user_id uuid not null references users on delete cascade,
        primary key (group_id, user_id)
      );
      create index group_members_user on group_members (user_id);

      create table roles (
        id uuid primary key,
        organization_id uuid not null references organizations,
        name text not null,
        built_in boolean not null,
        permissions jsonb not null,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create unique index roles_name on roles (organization_id, lower(name));
      create table user_roles (
        user_id uuid not null references users on delete cascade,
        role_id uuid not null references roles on delete restrict,
        primary key (user_id, role_id)
      );
      create index user_roles_role on user_roles (role_id);

      create table partners (
        id uuid primary key,
        inviter_id uuid not null references organizations,
        invitee_id uuid not null references organizations,
        state text not null check (state in ('invited', 'active', 'ended')),
        inviter_may_send boolean not null,
        inviter_may_receive boolean not null,
        invitee_may_send boolean not null default false,
        invitee_may_receive boolean not null default false,
        invited_at timestamptz(3) not null,
        accepted_at timestamptz(3),
        ended_at timestamptz(3),
        version int not null default 1,
        check (inviter_id <> invitee_id)
      );
      create unique index partners_pair on partners (least(inviter_id, invitee_id), greatest(inviter_id, invitee_id))
        where state <> 'ended';
      create index partners_invitee on partners (invitee_id);
      create index partners_inviter on partners (inviter_id);

      create table categories (
        id uuid primary key,
        organization_id uuid not null references organizations,
        name text not null,
        retention_days int check (retention_days > 0),
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create unique index categories_name on categories (organization_id, lower(name));

      create table cases (
        id uuid primary key,
        organization_id uuid not null references organizations,
        case_number text not null,
        title text not null,
        description text,
        status text not null check (status in ('open', 'closed')),
        tags text[] not null default '{}',
        police_number text,
        accused text,
        court_number text,
        owner_id uuid not null references users,
        retention_policy text not null check (retention_policy in
          ('until_manually_deleted', 'longest_retention_period', 'individual_evidence_retention')),
        received_from uuid references organizations,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      );
      create index cases_list on cases (organization_id, id);
      create index cases_number on cases (organization_id, lower(case_number));
      create table case_members (
        case_id uuid not null references cases on delete cascade,
        principal_type text not null check (principal_type in ('user', 'group')),
        principal_id uuid not null,
        primary key (case_id, principal_type, principal_id)
      );
      create index case_members_principal on case_members (principal_id);

      create table evidence (
        id uuid primary key,
        organization_id uuid not null references organizations,
        evidence_number text not null,
        title text not null,
        description text,
        state text not null check (state in
          ('verifying', 'active', 'triage_pending', 'declined', 'quarantined', 'queued_for_deletion', 'destroyed')),
        classification text not null default 'unrestricted'
          check (classification in ('unrestricted', 'restricted', 'confidential')),
        file_name text not null,
        content_type text not null,
        size bigint not null check (size >= 0),
        sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
        crc32 bigint,
        object_key text not null unique,
        object_version text,
        object_etag text,
        recorded_at timestamptz(3),
        uploaded_at timestamptz(3) not null,
        uploaded_by jsonb not null,
        owner_id uuid not null references users,
        assignee_id uuid not null references users,
        evidence_group_id uuid references groups,
        original_evidence_group text,
        tags text[] not null default '{}',
        custom_metadata jsonb not null default '{}',
        sensitive_content_warning boolean not null default false,
        source jsonb not null default '{}',
        location jsonb,
        gps_track jsonb,
        multicam_group uuid,
        fleet jsonb,
        hold jsonb,
        queued_for_deletion_on timestamptz(3),
        copied_from jsonb,
        version int not null default 1,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        unique (organization_id, evidence_number),
        check (state = 'verifying' or (sha256 is not null and crc32 is not null))
      );
      create index evidence_list on evidence (organization_id, id);
      create index evidence_digest on evidence (organization_id, sha256);
      create table evidence_access (
        evidence_id uuid not null references evidence on delete cascade,
        principal_type text not null check (principal_type in ('user', 'group')),
        principal_id uuid not null,
        primary key (evidence_id, principal_type, principal_id)
      );
      create index evidence_access_principal on evidence_access (principal_id);
      create table evidence_categories (
        evidence_id uuid not null references evidence on delete cascade,
        category_id uuid not null references categories on delete restrict,
        automatic boolean not null default false,
        primary key (evidence_id, category_id)
      );
      create index evidence_categories_category on evidence_categories (category_id);
      create table evidence_notes (
        id uuid primary key,
        evidence_id uuid not null references evidence on delete cascade,
        text text not null,
        author_id uuid references users,
        author_name text not null,
        created_at timestamptz(3) not null
      );
      create index evidence_notes_evidence on evidence_notes (evidence_id, id);
      create table evidence_markers (
        id uuid primary key,
        evidence_id uuid not null references evidence on delete cascade,
        kind text not null check (kind in ('manual', 'chapter', 'transcription', 'axon_signal', 'bookmark')),
        at_seconds double precision not null check (at_seconds >= 0),
        text text not null,
        created_at timestamptz(3) not null
      );
      create index evidence_markers_evidence on evidence_markers (evidence_id, at_seconds, id);
      create table case_evidence (
        case_id uuid not null references cases on delete cascade,
        evidence_id uuid not null references evidence on delete cascade,
        added_at timestamptz(3) not null,
        seen_at timestamptz(3),
        primary key (case_id, evidence_id)
      );
      create index case_evidence_evidence on case_evidence (evidence_id);
      create table content_sessions (
        id uuid primary key,
        organization_id uuid not null references organizations,
        evidence_id uuid not null references evidence,
        user_id uuid not null references users,
        began_at timestamptz(3) not null,
        last_active_at timestamptz(3) not null,
        ended_at timestamptz(3),
        bytes_served bigint not null default 0,
        covered int8multirange not null default '{}'
      );
      create unique index content_sessions_open on content_sessions (evidence_id, user_id)
        where ended_at is null;
      create index content_sessions_idle on content_sessions (last_active_at) where ended_at is null;

      create table lifecycles (
        workflow_id text primary key,
        kind text not null,
        entity_id uuid not null,
        organization_id uuid not null references organizations,
        case_id uuid,
        wanted bigint not null default 1,
        wanted_at timestamptz(3) not null,
        planned bigint not null default 0,
        planned_at timestamptz(3),
        wake_at timestamptz(3),
        waiting_for text,
        sent_at timestamptz(3),
        send_attempts int not null default 0,
        attention text,
        trace_context text
      );
      create index lifecycles_unplanned on lifecycles (wanted_at) where planned < wanted;
      create index lifecycles_wake on lifecycles (wake_at) where wake_at is not null;
      create index lifecycles_entity on lifecycles (entity_id);

      create table uploads (
        id uuid primary key,
        organization_id uuid not null references organizations,
        workflow_id text not null references lifecycles deferrable initially deferred,
        case_id uuid references cases,
        created_by uuid not null references users,
        file_name text not null,
        content_type text not null,
        size bigint not null check (size >= 0),
        title text,
        recorded_at timestamptz(3),
        declared_sha256 text,
        part_size bigint not null,
        part_count int not null check (part_count between 1 and 10000),
        object_key text not null unique,
        store_upload_id text not null,
        state text not null check (state in ('uploading', 'verifying', 'verified', 'duplicate', 'failed', 'aborted')),
        parts jsonb,
        evidence_id uuid,
        sha256 text,
        failure jsonb,
        hash_state text,
        hash_offset bigint not null default 0,
        begun_at timestamptz(3) not null,
        last_active_at timestamptz(3) not null,
        completed_at timestamptz(3),
        settled_at timestamptz(3),
        tidy_at timestamptz(3)
      );
      create index uploads_intake on uploads (workflow_id, state, id);
      create index uploads_untidied on uploads (workflow_id, tidy_at) where tidy_at is not null;
      create index uploads_case on uploads (case_id, id);
      create index uploads_evidence on uploads (evidence_id);

      create table shares (
        id uuid primary key,
        organization_id uuid not null references organizations,
        case_id uuid not null references cases,
        method text not null check (method in ('download_link')),
        scope text not null check (scope in ('entire_case', 'selected')),
        format text check (format in ('zip', 'iso')),
        created_by uuid not null references users,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        duration_days int not null check (duration_days > 0),
        activated_at timestamptz(3),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by uuid references users,
        failed_at timestamptz(3),
        failure jsonb,
        link_generation int not null default 1,
        link_token_hash bytea not null unique,
        passphrase_hash text,
        download_limit int check (download_limit > 0),
        notify_on_first_download boolean not null default false,
        first_download_at timestamptz(3),
        archive jsonb not null,
        package_etag text,
        package_size bigint,
        expiry_notice_for timestamptz(3),
        expiry_handled_for timestamptz(3),
        reshared_from uuid references shares,
        version int not null default 1,
        check (activated_at is null or (expires_at is not null and package_etag is not null and package_size is not null))
      );
      create index shares_case on shares (case_id, id);
      create index shares_organization on shares (organization_id, id);
      create table share_items (
        share_id uuid not null references shares,
        position int not null,
        evidence_id uuid not null,
        original_name text not null,
        path text not null,
        modified_at timestamptz(3) not null,
        size bigint not null,
        sha256 text,
        crc32 bigint,
        object_key text not null,
        object_version text,
        object_etag text,
        primary key (share_id, position),
        unique (share_id, evidence_id)
      );
      create index share_items_evidence on share_items (evidence_id);

      create table download_sessions (
        id uuid primary key,
        share_id uuid not null references shares,
        secret_hash bytea not null unique,
        opened_at timestamptz(3) not null,
        counted_at timestamptz(3),
        last_active_at timestamptz(3) not null,
        began_at timestamptz(3),
        ended_at timestamptz(3),
        bytes_served bigint not null default 0,
        covered int8multirange not null default '{}',
        completed_at timestamptz(3)
      );
      create index download_sessions_share on download_sessions (share_id, id);

      create table notifications (
        id uuid primary key,
        organization_id uuid not null references organizations,
        workflow_id text not null references lifecycles deferrable initially deferred,
        kind text not null,
        subject_id uuid not null,
        recipient text not null,
        sequence int not null,
        repeatable boolean not null,
        subject text not null,
        text text not null,
        html text not null,
        message_id text not null unique,
        state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'cancelled')),
        attempts int not null default 0,
        next_attempt_at timestamptz(3) not null,
        lease_until timestamptz(3),
        failure text,
        created_at timestamptz(3) not null,
        settled_at timestamptz(3),
        unique (kind, subject_id, recipient, sequence)
      );
      create index notifications_open on notifications (workflow_id, next_attempt_at)
        where state in ('pending', 'sending');

      create table idempotency_keys (
        actor text not null,
        route text not null,
        key text not null,
        claim_id uuid not null,
        request_hash bytea not null,
        status int,
        headers jsonb,
        body jsonb,
        locked_until timestamptz(3) not null,
        created_at timestamptz(3) not null,
        primary key (actor, route, key)
      );
      create index idempotency_keys_age on idempotency_keys (created_at);

      create table rate_limits (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      );

      create table audit_events (
        organization_id uuid not null references organizations,
        sequence bigint not null check (sequence > 0),
        id uuid not null unique,
        at timestamptz(3) not null,
        action text not null,
        objects uuid[] not null,
        content text not null,
        previous_hash bytea not null,
        hash bytea not null,
        primary key (organization_id, sequence)
      );
      create index audit_events_objects on audit_events using gin (objects);
      create table audit_sources (
        event_id uuid primary key,
        organization_id uuid not null references organizations,
        address inet,
        user_agent text
      );

      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit cannot be changed' using errcode = 'insufficient_privilege';
      end $$;
      create trigger audit_events_keep before update or delete on audit_events
        for each row execute function refuse_audit_change();
      create trigger audit_events_keep_all before truncate on audit_events
        for each statement execute function refuse_audit_change();
    `);
  }
}
