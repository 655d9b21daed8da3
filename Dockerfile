# The portal for servers (docker-compose.yml). Two stages: pip and its cache stay behind.
FROM python:3.12-slim-bookworm AS paket
WORKDIR /srv/portal
COPY requirements.txt .
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.12-slim-bookworm
ENV PATH=/srv/portal/.venv/bin:$PATH PYTHONPATH=/srv/portal PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DTKS_LOCAL_DIR=/srv/portal/lokal FILES_DIR=/srv/berkas
WORKDIR /srv/portal
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0700 /srv/berkas
COPY --from=paket /srv/portal/.venv .venv
COPY . .
# Static files are made with throw-away local secrets; only the result stays in the layer.
RUN DTKS_LOCAL=1 python manage.py collectstatic --noinput \
 && find lokal -mindepth 1 -maxdepth 1 ! -name static -exec rm -rf {} +
ENV PRODUCTION=1
USER 10001
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--no-control-socket", "--worker-class", "config.web_worker.WebWorker", \
     "--workers", "4", "--threads", "4", "--keep-alive", "65", "--timeout", "60", "--graceful-timeout", "20", \
     "--worker-tmp-dir", "/dev/shm", "--max-requests", "5000", "--max-requests-jitter", "500"]
