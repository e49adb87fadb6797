import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Router from '@koa/router';
import helmet from 'koa-helmet';
import { notFound } from '../../../domain/errors.ts';
import { openApiDocument } from '../../openapi.ts';
import type { Route } from '../../route.ts';
import { PUBLIC_PATHS } from '../public-paths.ts';
import { isProblemCode, problemPage } from './problem-page.ts';

const swaggerFolder = dirname(
  createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'),
);

/** Everything that the page loads: files of the installed package and of this folder, no others. */
const ASSETS: Readonly<Record<string, { readonly type: string; readonly path: string }>> = {
  'swagger-ui.css': { type: 'text/css', path: join(swaggerFolder, 'swagger-ui.css') },
  'swagger-ui-bundle.js': {
    type: 'text/javascript',
    path: join(swaggerFolder, 'swagger-ui-bundle.js'),
  },
  'favicon-32x32.png': { type: 'image/png', path: join(swaggerFolder, 'favicon-32x32.png') },
  'open-page.js': { type: 'text/javascript', path: join(import.meta.dirname, 'open-page.js') },
  'problem.css': { type: 'text/css', path: join(import.meta.dirname, 'problem.css') },
};

/** Swagger UI sets style attributes; it needs nothing else that the other pages do not. */
const swaggerPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Casebridge API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="icon" href="/docs/assets/favicon-32x32.png">
  </head>
  <body>
    <main id="documentation"></main>
    <noscript>The document itself: <a href="/openapi.json">openapi.json</a></noscript>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/assets/open-page.js"></script>
  </body>
</html>
`;

/** `GET /openapi.json`, the page `/docs` that shows it, and `/problems/{code}` for each problem. */
export function documentation(routes: readonly Route[]): Router {
  const document = JSON.stringify(openApiDocument(routes, PUBLIC_PATHS));
  const assets = new Map(
    Object.entries(ASSETS).map(([name, { type, path }]) => [
      name,
      { type, content: readFileSync(path) },
    ]),
  );
  const router = new Router();
  router.get('/openapi.json', (ctx) => {
    ctx.state.route = '/openapi.json';
    ctx.type = 'application/json';
    ctx.body = document;
  });
  router.get('/docs', swaggerPolicy, (ctx) => {
    ctx.state.route = '/docs';
    ctx.type = 'text/html';
    ctx.body = DOCS_PAGE;
  });
  router.get('/docs/assets/:name', (ctx) => {
    ctx.state.route = '/docs/assets/{name}';
    const asset = assets.get(ctx.params.name ?? '');
    if (asset === undefined) throw notFound('file');
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.type = asset.type;
    ctx.body = asset.content;
  });
  router.get('/problems/:code', (ctx) => {
    ctx.state.route = '/problems/{code}';
    const code = ctx.params.code ?? '';
    if (!isProblemCode(code)) throw notFound('problem');
    ctx.type = 'text/html';
    ctx.body = problemPage(code);
  });
  return router;
}
