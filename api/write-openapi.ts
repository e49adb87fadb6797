/** Writes `docs/openapi.json`: the OpenAPI document as it is committed, so that its changes are seen. */
import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi.ts';
import { PUBLIC_PATHS } from './routes/public-paths.ts';
import { STAFF_ROUTES } from './routes/staff-routes.ts';

const document = openApiDocument(STAFF_ROUTES, PUBLIC_PATHS);
const file = new URL('../docs/openapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
