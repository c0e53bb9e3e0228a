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
# g++ and Python's headers are for torch.compile, libseccomp2 is for the sandbox.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends g++ libseccomp2 python3-dev \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/playground playground \
 && chmod 0755 /var/lib/playground
COPY --from=build /opt/playground /opt/playground
ENV PATH=/opt/playground/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PLAYGROUND_HOST=0.0.0.0 \
    PLAYGROUND_PORT=8000 \
    PLAYGROUND_DATA_DIR=/var/lib/playground/data
USER playground
WORKDIR /var/lib/playground
RUN mkdir data
VOLUME /var/lib/playground/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=9)"]
STOPSIGNAL SIGTERM
CMD ["playground", "serve"]
