import { Migration } from '@mikro-orm/migrations';

/** What an archive says of each piece of evidence; null in links made before archives said it. */
export class ArchiveMetadata extends Migration {
  override up(): void {
    this.addSql('alter table share_items add column metadata jsonb');
  }
}
