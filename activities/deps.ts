import type { WorkflowId } from '../domain/lifecycle/life.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/logging.ts';
import type { Mailer } from '../platform/mail.ts';
import type { ObjectStore } from '../platform/object-store/object-store.ts';

/** What activities are made of; tests give real ones of their own. */
export interface ActivityDeps {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly mailer: Mailer;
  readonly logger: Logger;
  readonly poke: (workflowId: WorkflowId) => void;
}
