# One image for each service: docker build --build-arg SERVICE=quote -t producer-portal/quote:0.1.0 .
# SERVICE is quote, enrollment, pcp, payment, documents, gateway, relay, or all (everything on one
# machine).
# An image has several commands: docker run producer-portal/quote services.quote rpc|worker|migrate|seed
# PYTHON_IMAGE may name any image with Python 3.11 as python3, with pip and venv. Where packages come through a proxy
# with a certificate authority of its own, that image holds the certificate and names it (PIP_CERT, NODE_EXTRA_CA_CERTS).
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# What the programs need at run time, by hash.
FROM ${PYTHON_IMAGE} AS packages
COPY requirements.lock .
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

# What is made from the sources: contracts and front-end files, in the way that a developer's machine makes them.
FROM ${PYTHON_IMAGE} AS made
WORKDIR /suite
COPY requirements-local.lock pyproject.toml package.json package-lock.json .npmrc ./
COPY deploy/local/setup.py deploy/local/fonts.py deploy/local/
RUN mkdir -p services/documents/typesetting
COPY protos protos
RUN python3 deploy/local/setup.py files

# The one service and what it stands on; no other service's code.
FROM ${PYTHON_IMAGE} AS parts
ARG SERVICE
COPY chassis /suite/chassis
COPY markets.yaml /suite/markets.yaml
COPY services /suite/services
COPY gateway /suite/gateway
COPY portal /suite/portal
COPY --from=made /suite/generated /suite/generated
COPY --from=made /suite/gateway/static/vendor /suite/gateway/static/vendor
COPY --from=made /suite/services/documents/typesetting/fonts /suite/services/documents/typesetting/fonts
WORKDIR /suite
RUN set -e; \
    mkdir /app; cp -r chassis generated markets.yaml /app/; \
    case "${SERVICE}" in \
      all) cp -r services gateway portal /app/ ;; \
      gateway) cp -r gateway /app/ ;; \
      relay) ;; \
      quote|enrollment|pcp|payment|documents) \
        mkdir /app/services; cp services/*.py /app/services/; cp -r "services/${SERVICE}" /app/services/; \
        if [ "${SERVICE}" = enrollment ]; then cp -r portal /app/; fi ;; \
      *) echo "Please say --build-arg SERVICE=quote, enrollment, pcp, payment, documents, gateway, relay or all."; exit 1 ;; \
    esac; \
    python3 -m compileall -q /app

FROM ${PYTHON_IMAGE}
ARG SERVICE
LABEL org.opencontainers.image.title="producer-portal/${SERVICE}"
RUN useradd --system --uid 10001 --user-group --no-create-home suite
COPY --from=packages /opt/venv /opt/venv
COPY --from=parts /app /app
# The root file system is read-only in Kubernetes: nothing is written beside the code, scratch goes to /tmp.
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app:/app/generated PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["python", "-m"]
