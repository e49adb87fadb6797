import type { WorkflowId } from '../domain/lifecycle/life.ts';
import type { LinkKeys } from '../domain/link-token.ts';
import type { Engine } from '../domain/reconciliation/engine.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/logging.ts';
import type { Mailer } from '../platform/mail.ts';
import type { MalwareScanner } from '../platform/malware-scanner.ts';
import type { ObjectStore } from '../platform/object-store/object-store.ts';

/** What activities are made of; tests give real ones of their own. */
export interface ActivityDeps {
  readonly database: Database;
  readonly store: ObjectStore;
  /** What runs in Temporal, for reconciliation. */
  readonly engine: Engine;
  readonly mailer: Mailer;
  /** Looks at files before they are released; none where it is not configured. */
  readonly scanner?: MalwareScanner | null;
  /** What links in mails are made of. */
  readonly linkKeys: LinkKeys;
  readonly publicUrl: string;
  readonly logger: Logger;
  readonly poke: (workflowId: WorkflowId) => void;
}
