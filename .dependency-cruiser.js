/** The layers of the architecture: each rule names what may not be imported, and why. */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-the-api',
      comment: 'The API is an edge. Only its own files, benches and tests know it.',
      severity: 'error',
      from: { pathNot: '^(api|bench|test)/|\\.test\\.ts$' },
      to: { path: '^api/' },
    },
    {
      name: 'nothing-imports-development',
      comment:
        'What runs in production does not need the embedded stack. The import finds a running one.',
      severity: 'error',
      from: { pathNot: '^(dev|import|test|bench)/|\\.test\\.ts$' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'workflows-know-ids-and-types',
      comment:
        'Workflow code is replayed: it takes pure names from the lives and types from activities.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: [
          '^workflows/',
          '^domain/(ids|lifecycle/(life|described))\\.ts$',
          '^platform/temporal/names\\.ts$',
          '^node_modules/@temporalio/(workflow|common)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-know-types-of-activities-and-domain-only',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|platform|dev|admin)/', pathNot: '^platform/temporal/names\\.ts$' },
    },
    {
      name: 'domain-knows-no-edge',
      comment: 'Commands and rules are the same whoever calls them.',
      severity: 'error',
      from: { path: '^domain/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|activities|workflows|admin|dev)/|^node_modules/(koa|@koa|@temporalio)/' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'A rule decides from facts and an instant: no database, no network, no clock, no randomness.',
      severity: 'error',
      from: {
        path: '^domain/.*-rule\\.ts$|^domain/identity/(permissions|time-zone)\\.ts$|^domain/lifecycle/life\\.ts$|^domain/sharing/shared-on\\.ts$|^domain/archive/(archive|layout|zip|zip-records|iso|iso/.*|names|ranges|bag)\\.ts$',
        pathNot: '\\.test\\.ts$',
      },
      to: {
        path: '^platform/|\\.entity\\.ts$|^node_modules/|^(fs|net|http|https|child_process|timers)(/|$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'browser-code-runs-in-browsers',
      comment: 'What the uploader imports is sent to everybody: pure, and chosen file by file.',
      severity: 'error',
      from: { path: '^api/web/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot:
          '^api/web/|^api/pages/(format|visible)\\.ts$|^domain/evidence/uploads/(file-name|parts-to-send)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'platform-knows-no-edge',
      severity: 'error',
      from: { path: '^platform/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|activities|workflows|admin)/' },
    },
    {
      name: 'activities-know-domain-and-platform',
      severity: 'error',
      from: { path: '^activities/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|workflows|admin)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-packages',
      comment: 'A package that only another one brings may be gone with its next version.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-in-production',
      severity: 'error',
      from: {
        path: '^(admin|api|activities|domain|platform|workflows)/|^worker\\.ts$',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.casebridge|coverage|build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.d.mts'],
    },
  },
};
