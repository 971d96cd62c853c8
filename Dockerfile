# syntax=docker/dockerfile:1
# Built in two stages: a compiler is needed for the Kafka client, not for running it.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    build-essential python3 libssl-dev libsasl2-dev libzstd-dev liblz4-dev zlib1g-dev libcurl4-openssl-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --foreground-scripts --no-fund --no-audit \
  && node -e "const { features } = require('node-rdkafka'); for (const name of ['ssl', 'sasl_gssapi', 'sasl_scram', 'zstd', 'lz4']) if (!features.includes(name)) throw new Error('The Kafka client was built without ' + name)"
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle.mjs ./scripts/
COPY src ./src
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-rdkafka/deps node_modules/node-rdkafka/build/Release/obj.target \
    node_modules/node-rdkafka/build/deps/librdkafka node_modules/node-rdkafka/build/deps/*.a

FROM node:${NODE_VERSION}-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates libssl3 libsasl2-2 libsasl2-modules-gssapi-mit krb5-user libzstd1 liblz4-1 zlib1g libcurl4 libnss-wrapper \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /etc/topicrule/rules /var/lib/topicrule \
  && chown node:node /var/lib/topicrule && chmod 0700 /var/lib/topicrule
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
ENV NODE_ENV=production TOPICRULE_DATA_DIRECTORY=/var/lib/topicrule
USER node
VOLUME /var/lib/topicrule
EXPOSE 1883 8883 8080 8443 8081 8444 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TOPICRULE_CONTROL__PORT ?? 8090}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# --max-semi-space-size: short-lived messages die young in a larger nursery, which saves copying.
CMD ["node", "--max-semi-space-size=32", "dist/main.js", "serve", "--config", "/etc/topicrule/topicrule.yaml"]
