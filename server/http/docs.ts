import { dirname } from 'node:path';
import type Router from '@koa/router';
import serveStatic from 'koa-static';
import type { Context } from 'koa';
import { openApiDocument } from './openapi';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Liuka API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', tryItOutEnabled: true });\n`;

/** Serves `/openapi.json`, and `/docs`, a page (Swagger UI) to read and try the API. */
export function serveDocs(router: Router): void {
  const document = JSON.stringify(openApiDocument());
  const files = serveStatic(dirname(require.resolve('swagger-ui-dist/package.json')), {
    index: false,
  });

  router.get('/openapi.json', (ctx: Context) => {
    ctx.type = 'json';
    ctx.body = document;
  });
  router.get('/docs', (ctx: Context) => {
    ctx.type = 'html';
    ctx.body = page;
  });
  router.get('/docs/start.js', (ctx: Context) => {
    ctx.type = 'js';
    ctx.body = start;
  });
  router.get(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'], async (ctx: Context, next) => {
    ctx.path = ctx.path.replace('/docs', '');
    await files(ctx, next);
  });
}
