import type { WorkflowId } from '../domain/lifecycle/life.ts';
import type { LinkKeys } from '../domain/link-token.ts';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/logging.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { ObjectStore } from '../platform/object-store/object-store.ts';
import type { Readiness } from '../platform/readiness.ts';
import type { DevelopmentIssuer } from './development-issuer.ts';
import type { TokenVerifier } from './middleware/authenticate.ts';
import type { Packages } from './package/packages.ts';
import type { Streaming } from './streaming/streaming.ts';

/** What the API is made of; tests give real ones of their own. */
export interface ApiDeps {
  readonly config: Config;
  readonly database: Database;
  readonly store: ObjectStore;
  readonly logger: Logger;
  readonly linkKeys: LinkKeys;
  readonly tokens: TokenVerifier;
  /** The built-in issuer of staff tokens; null outside development mode. */
  readonly developmentIssuer: DevelopmentIssuer | null;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Stored bytes on their way out. */
  readonly streaming: Streaming;
  /** The archives of download links. */
  readonly packages: Packages;
  /** Milliseconds that an answer to an address at sign-in takes, whatever was found on the way. */
  readonly signInSpan: number;
  readonly poke: (workflowId: WorkflowId) => void;
}
