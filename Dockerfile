# A playground in a container. Build and run: see "In a container" in README.md.
# Which torch it holds is pip's own configuration, given as build arguments; the CPU build makes an image of 2 GB.

ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python3 -m venv /opt/playground
COPY requirements.txt /src/
RUN /opt/playground/bin/pip install --require-hashes --no-deps --requirement /src/requirements.txt \
 && /opt/playground/bin/pip install torch==2.13.0
COPY pyproject.toml README.md LICENSE /src/
COPY static /src/static
COPY templates /src/templates
COPY playground /src/playground
RUN /opt/playground/bin/pip install --no-deps --no-build-isolation /src

FROM ${PYTHON_IMAGE}
# The runner is root, which a user of its own for every run takes; the web server is not.
# g++, binutils, openssl and Python's headers are for torch.compile, libseccomp2 is for the sandbox.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends binutils g++ libseccomp2 openssl python3-dev \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --shell /usr/sbin/nologin --home-dir /var/lib/playground playground \
 && mkdir --parents /var/lib/playground/data
COPY --from=build /opt/playground /opt/playground
ENV PATH=/opt/playground/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PLAYGROUND_HOST=0.0.0.0 \
    PLAYGROUND_PORT=8000 \
    PLAYGROUND_DATA_DIR=/var/lib/playground/data \
    PLAYGROUND_CACHE_DIR=/var/lib/playground/compilers \
    PLAYGROUND_WEB_USER=playground
WORKDIR /var/lib/playground
# For processors like this one; on others the first start does it again. Where it can't be done, compiling is slow.
RUN playground prepare || true
VOLUME /var/lib/playground/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=9)"]
STOPSIGNAL SIGTERM
CMD ["playground", "serve"]
