/**
 * The whole configuration: every environment variable that Casebridge reads, parsed once at entry.
 * Nothing else reads `process.env`.
 */
import { z } from 'zod';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
const port = z.coerce.number().int().min(0).max(65_535);
const origin = z.url({ protocol: /^https?$/ }).transform((value) => new URL(value).origin);

/** `id:base64url` pairs, comma-separated; the first signs, all verify. Keys have 256 bits at least. */
const linkKeys = z.string().transform((value, context) => {
  const [first = '', ...others] = value.split(',');
  const keys = [linkKey(first), ...others.map(linkKey)] as const;
  if (keys.some((key) => !/^[a-z0-9]{1,16}$/.test(key.id) || key.secret.length < 32)) {
    context.addIssue({
      code: 'custom',
      message: 'expected id:secret[,id:secret…] with secrets of 32 bytes or more in base64url',
    });
    return z.NEVER;
  }
  return keys;
});

function linkKey(pair: string) {
  const [id = '', secret = ''] = pair.trim().split(':');
  return { id, secret: Buffer.from(secret, 'base64url') };
}

/** Clients at the issuers of recipients' organizations, by issuer, as JSON. */
const signInClients = z
  .string()
  .transform((value, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.url(),
      z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1).optional() }),
    ),
  );

const environment = z.object({
  CASEBRIDGE_DEVELOPMENT: flag.describe(
    'development mode: the built-in token issuer, plain-http cookies, checked responses',
  ),
  CASEBRIDGE_PUBLIC_URL: origin.describe('origin of the public pages; every link starts with it'),
  CASEBRIDGE_HOST: z.string().default('127.0.0.1').describe('address the API listens on'),
  CASEBRIDGE_PORT: port.default(8080).describe('port of the API'),
  CASEBRIDGE_INTERNAL_PORT: port
    .default(9090)
    .describe('port of health and metrics of the API, not for the public'),
  CASEBRIDGE_WORKER_PORT: port.default(9091).describe('port of health and metrics of the worker'),
  SHUTDOWN_NOTICE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'seconds for which the API, told to stop, says that it is not ready and still takes connections: longer than the reverse proxy takes to notice',
    ),
  SHUTDOWN_DRAIN_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600)
    .default(10)
    .describe(
      'seconds that running requests then get to end; downloads that last longer are cut, and can be resumed',
    ),
  CASEBRIDGE_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe('how many reverse proxies stand in front; 0 ignores X-Forwarded-*'),
  DATABASE_URL: z.url().describe('PostgreSQL, as the role that the application uses'),
  DATABASE_OWNER_URL: z
    .url()
    .optional()
    .describe(
      'PostgreSQL, as the role that owns the schema; only `npm run admin -- migrate` reads it',
    ),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(4)
    .max(500)
    .default(20)
    .describe('connections a process keeps at most'),
  S3_ENDPOINT: origin.describe('object store, as the API and the worker reach it'),
  S3_PUBLIC_ENDPOINT: origin
    .optional()
    .describe('object store, as browsers reach it; the same as S3_ENDPOINT if not given'),
  S3_REGION: z.string().default('us-east-1').describe('region that requests are signed for'),
  S3_BUCKET: z.string().min(3).describe('bucket of the evidence'),
  S3_ACCESS_KEY: z.string().min(1).describe('access key of the object store'),
  S3_SECRET_KEY: z.string().min(8).describe('secret key of the object store'),
  TEMPORAL_ADDRESS: z.string().describe('host:port of the Temporal frontend'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('Temporal namespace'),
  TEMPORAL_METRICS_ADDRESS: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'expected host:port')
    .optional()
    .describe(
      "host:port at which the worker shows the metrics of Temporal's SDK, not for the public; none if not given",
    ),
  TEMPORAL_TASK_QUEUE_PREFIX: z
    .string()
    .default('casebridge')
    .describe('first part of the names of the three task queues'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .describe('smtp://[user:password@]host:port, or smtps://'),
  MAIL_FROM: z.email().describe('address that mail comes from'),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe('issuer of staff tokens; required outside development mode'),
  OIDC_AUDIENCE: z.string().default('casebridge').describe('audience that staff tokens must name'),
  OIDC_JWKS_URL: z
    .url()
    .optional()
    .describe("the issuer's keys; read from its discovery document if not given"),
  SIGN_IN_CLIENTS: signInClients
    .default({})
    .describe(
      'JSON, {"ISSUER": {"clientId": "…", "clientSecret": "…"}}: how this installation is known to the issuers at which recipients of partner access sign in (admin: organization issuer); the redirect address is CASEBRIDGE_PUBLIC_URL/sign-in/callback',
    ),
  LINK_KEYS: linkKeys.describe(
    'id:secret[,id:secret…]: keys that link tokens are derived from (base64url, 32 bytes or more); the first makes new links, the others keep older links alive',
  ),
  UPLOAD_MINIMUM_PART_SIZE: z.coerce
    .number()
    .int()
    .min(5 * 1024 ** 2)
    .default(16 * 1024 ** 2)
    .describe('bytes of an upload part at least; grows with the file'),
  UPLOAD_ADDRESS_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    // What is left of refused uploads is removed once no address can be good any longer.
    .max(3_600)
    .default(3_600)
    .describe('seconds for which an address to send a part of a file to is good; an hour at most'),
  CLAMD_ADDRESS: z
    .string()
    .regex(/^(unix:\/.+|.+:\d{1,5})$/, 'expected host:port or unix:/path')
    .optional()
    .describe(
      'malware scanner that speaks the protocol of clamd, host:port or unix:/path: every file is released only after it; none looks if not given',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'OpenTelemetry collector that traces are sent to (OTLP over HTTP); none if not given',
    ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of traces that are recorded, 0 to 1'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('least severe level that is logged'),
});

/** The variables with their descriptions, for the README's table and the check of the compose file. */
export const CONFIGURATION_VARIABLES = Object.entries(environment.shape).map(([name, schema]) => {
  const absent = schema.safeParse(undefined);
  return {
    name,
    description: schema.description ?? '',
    required: !absent.success,
    /** What holds where it is not given, as it would be written; null where nothing does. */
    otherwise: absent.data === undefined ? null : absentText(absent.data),
  };
});

function absentText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const schema = environment
  .refine((values) => values.CASEBRIDGE_DEVELOPMENT || values.OIDC_ISSUER !== undefined, {
    path: ['OIDC_ISSUER'],
    message: 'required outside development mode',
  })
  .refine(
    (values) =>
      values.CASEBRIDGE_DEVELOPMENT || values.CASEBRIDGE_PUBLIC_URL.startsWith('https://'),
    {
      path: ['CASEBRIDGE_PUBLIC_URL'],
      message: 'must be https outside development mode: links carry secrets',
    },
  );

export type Config = z.output<typeof schema>;

/** A configuration that does not hold, with every fault. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((f) => `  ${f}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/**
 * Parses the environment.
 * @throws ConfigurationError naming every variable that is missing or wrong, never its value
 */
export function parseConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is one that is not set: compose files and shells make them.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigurationError(
    result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

/** Exit status of a process that is wrongly configured (EX_CONFIG of sysexits.h). */
const EX_CONFIG = 78;

/** Parses this process's environment; prints all faults and exits with 78 where it does not hold. */
export function loadConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EX_CONFIG);
  }
}
