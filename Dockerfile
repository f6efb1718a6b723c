# docker build -t mailflow .     # podman build needs --format docker: its own format has no HEALTHCHECK
# docker run --read-only --tmpfs /tmp -p 127.0.0.1:8080:8080 -v mailflow-data:/var/lib/mailflow \
#     -v ./mailflow.toml:/etc/mailflow/mailflow.toml:ro mailflow
# deploy/compose.yaml is the same with a reverse proxy in front.

ARG PYTHON=3.13

# --- build: the locked packages and mailflow's own wheel, in one virtual environment -----------------
FROM python:${PYTHON}-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

COPY locks/ locks/
RUN python -m venv /opt/mailflow \
    && /opt/mailflow/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r locks/runtime.txt \
    && python -m venv backend \
    && backend/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r locks/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY mailflow/ mailflow/
COPY templates/ templates/
COPY config/ config/
RUN backend/bin/python -m hatchling build -t wheel \
    && /opt/mailflow/bin/python -m pip install --quiet --no-index --no-deps dist/*.whl \
    && /opt/mailflow/bin/python -m pip check

# --- the image: Python and that environment, nothing else ----------------------------------------------
FROM python:${PYTHON}-slim-trixie
LABEL org.opencontainers.image.title="mailflow" \
      org.opencontainers.image.description="Homework between coaching sessions, by email" \
      org.opencontainers.image.licenses="MIT"

RUN groupadd --gid 10001 mailflow \
    && useradd --uid 10001 --gid mailflow --home-dir /var/lib/mailflow --shell /usr/sbin/nologin mailflow \
    && install -d -o mailflow -g mailflow -m 0700 /var/lib/mailflow \
    && install -d /etc/mailflow
COPY --from=build /opt/mailflow /opt/mailflow

# These win over the settings file: inside a container the data folder and the pages' port are always these.
ENV PATH=/opt/mailflow/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MAILFLOW_CONFIG=/etc/mailflow/mailflow.toml \
    MAILFLOW_DATA=/var/lib/mailflow \
    MAILFLOW_LOG=json \
    MAILFLOW_WEB__HOST=0.0.0.0 \
    MAILFLOW_WEB__PORT=8080

USER 10001:10001
WORKDIR /var/lib/mailflow
VOLUME /var/lib/mailflow
# 8080: pages. 8025: mail, where the settings have a mailbox of kind "smtp" (its host must be "0.0.0.0" in here).
EXPOSE 8080 8025

HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; page = http.client.HTTPConnection('127.0.0.1', int(os.environ['MAILFLOW_WEB__PORT']), timeout=4); page.request('GET', '/healthz'); sys.exit(page.getresponse().status != 200)"]

ENTRYPOINT ["mailflow"]
CMD ["run"]
