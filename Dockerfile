# One image for the API, the worker and the operator's commands.
# Temporal's native library needs glibc: no Alpine.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
 && npm cache clean --force
# The library comes for five platforms; 120 MB of them are of no use here.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
 && test -d "node_modules/@temporalio/core-bridge/releases/$(uname -m)-unknown-linux-gnu"

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json worker.ts ./
COPY activities ./activities
COPY admin ./admin
COPY api ./api
COPY domain ./domain
COPY platform ./platform
COPY workflows ./workflows
USER node
# The other command is `node worker.ts`; `node admin/main.ts` has the operator's.
CMD ["node", "api/server.ts"]
