# No engine is needed to try this: scripts/docker-build.sh holds the same RUN lines and .ci/run runs them in an empty
# folder. It was not built by Docker itself before this release.
FROM python:3.11-slim

WORKDIR /app
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY src ./src
COPY migrations ./migrations

RUN python3 -m venv venv
RUN venv/bin/python -m pip install --no-cache-dir --quiet --require-hashes --requirement requirements.lock
RUN venv/bin/python -m pip wheel --no-cache-dir --quiet --no-deps --no-build-isolation --wheel-dir dist .
RUN venv/bin/python -m pip install --no-cache-dir --quiet --no-deps --no-index dist/childcare_api-*.whl
RUN rm -rf src migrations dist build
RUN mkdir --mode=0700 data
RUN chown nobody data

# PostgreSQL refuses root; this account exists in every Debian image and owns nothing but the data.
USER nobody
ENV PATH=/app/venv/bin:$PATH HOST=0.0.0.0 PORT=8000 DATA_DIR=/app/data
VOLUME /app/data
EXPOSE 8000
HEALTHCHECK --start-period=60s \
  CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz')"]
CMD ["childcare-api", "serve"]
