import { Migration } from '@mikro-orm/migrations';

/** Previews beside downloads, and both also by partner access. */
export class PartnerContent extends Migration {
  override up(): void {
    this.addSql(/* sql */ `
      alter table content_sessions
        add column mode text not null default 'content' check (mode in ('preview', 'content')),
        add column share_id uuid references shares;
      alter table content_sessions alter column mode drop default;
      drop index content_sessions_open;
      create unique index content_sessions_open on content_sessions (evidence_id, user_id, mode, share_id)
        nulls not distinct where ended_at is null;
      create index content_sessions_share on content_sessions (share_id) where share_id is not null;
    `);
  }
}
