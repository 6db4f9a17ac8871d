# The service as an image: docs/operating.md, "In a container".
#   docker build -t ecellar-tock .
#   docker run --init -p 4000:4000 -v ecellar-tock:/data --env-file .env ecellar-tock

# The version of the package "node" in package.json: a test holds the two together.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN install -d -o node -g node /app
USER node
WORKDIR /app
# First what changes seldom. Install scripts would bring a second Node; what else they do is done below.
COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY --chown=node:node . .
# The console is built with packages that the program does not need; so is the Node of npm, beside the image's own.
RUN node bin/build-console.js \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node
# Completes the embedded PostgreSQL, and fails the build where it cannot run.
RUN ECELLAR_TOCK_DATA=/tmp/trial node bin/ecellar-tock.js migrate \
  && rm -rf /tmp/trial

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="eCELLAR Tock Integration" \
  org.opencontainers.image.description="Pulls a winery's Tock reservations and guests into its eCELLAR database, every night, one way"
# Nothing of the program is its user's to change.
COPY --from=build --chown=root:root /app /app
RUN install -d -o node -g node -m 0700 /data
WORKDIR /app
ENV ECELLAR_TOCK_DATA=/data \
  PORT=4000
USER node
VOLUME /data
EXPOSE 4000
# Ends well: pulls that run have 20 seconds to finish. Give it 30: docker stop -t 30
STOPSIGNAL SIGTERM
# Alive, not ready: restarting this process would not bring back a database. A worker: -e WORKER_PORT=4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/ecellar-tock.js"]
CMD ["start"]
