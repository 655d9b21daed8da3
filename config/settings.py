"""Settings. Everything a Dinas may change comes from the environment; `.env.example` lists it all.

With `DATABASE_URL` / `REDIS_URL` unset the portal runs on its own PostgreSQL and Valkey
(see `config/local_services.py`); secrets then live in `.lokal/rahasia.json`, made on first start.
With `DEBUG` off the portal refuses to start without real secrets.
"""

import os
from pathlib import Path
from urllib.parse import unquote

import environ

from config import local_services
from core import lines

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# Empty is not set, as .env.example says: systemd and a shell hand on what stands there without a value.
env.ENVIRON = {name: value for name, value in os.environ.items() if value}

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("DTKS_TESTING", default=False)

_secrets = local_services.secrets()  # {} when the environment names servers of its own

SECRET_KEY = env.str("SECRET_KEY", default=_secrets.get("SECRET_KEY", ""))
# Keyrings: "id:base64,id:base64"; the first is used for writing, all of them for reading.
DATA_KEYS = env.str("DATA_KEYS", default=_secrets.get("DATA_KEYS", ""))
INDEX_KEY = env.str("INDEX_KEY", default=_secrets.get("INDEX_KEY", ""))
# Who signs issued papers (core/signing.py).
TTE_PENYEDIA = env.str("TTE_PENYEDIA", default="lokal")
SIGNING_KEY = env.str("SIGNING_KEY", default=_secrets.get("SIGNING_KEY", ""))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Kabupaten/kota that this portal serves; the demo adds a second one for the refusals.
KABUPATEN = env.str("KABUPATEN", default="32.05")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "core",
    "wilayah",
    "accounts",
    "dtks",
    "bansos",
    "pengaduan",
    "portal",
    "config",
]

# Below these nothing learns or keeps who asks (core.middleware.SealedPathMiddleware); deploy/nginx.conf says the same.
SEALED_PATHS = ("/lapor-rahasia",)

MIDDLEWARE = [
    "core.middleware.SealedPathMiddleware",
    "core.middleware.RequestContextMiddleware",
    "core.middleware.KeyWitnessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.PrivateCacheMiddleware",
    "core.middleware.BusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionRulesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
            "builtins": ["core.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "core.form_renderer.FormRenderer"

# Behind pgbouncer in transaction mode: no start-up parameters, no cursor that outlives its transaction (core/database/base.py,
# docs/operasi/perluas.md).
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
SESSION_LIMITS = {"lock_timeout": "5000", "idle_in_transaction_session_timeout": "60000"}
# A process that serves pages (config/wsgi.py): a statement that runs longer is ended, and its page is a 503. Jobs and commands have
# no such end; streams are let off (core/ketersediaan.py). Not behind pgbouncer, whose connections pages and jobs share.
WEB_STATEMENT_SECONDS = env.float("WEB_STATEMENT_SECONDS", default=15.0)
if env.bool("DTKS_WEB", default=False) and WEB_STATEMENT_SECONDS and not DATABASE_POOLER:
    SESSION_LIMITS["statement_timeout"] = str(int(WEB_STATEMENT_SECONDS * 1000))
DATABASES = {
    "default": {
        **(env.db_url("DATABASE_URL") if env.str("DATABASE_URL", default="") else local_services.database()),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,  # core.database looks at each connection that the pool gives
        "CONN_MAX_AGE": 0,
        "POOLER": DATABASE_POOLER,
    }
}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket folder comes as %2Frun%2Fpg
# The second wall: row-level security for whoever is signed in (core/dinding.py, docs/adr/0034).
DATABASES["default"]["ENGINE"] = "core.database"
DINDING = env.bool("DINDING", default=True)
DATABASES["default"].setdefault("OPTIONS", {})
if not DATABASE_POOLER:
    DATABASES["default"]["OPTIONS"] |= {"options": " ".join(f"-c {k}={v}" for k, v in SESSION_LIMITS.items())}
if not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DB_POOL", default=8) + 1,  # core.twin takes the last one, once a process
        # Threads never outnumber the pool, so whoever waits here waits for a server that is away: a 503 soon, not a pile-up.
        "timeout": 4,
        # The pool doubles its pauses and lets nobody else try meanwhile; without this end a server that comes back after
        # five minutes would be noticed minutes later.
        "reconnect_timeout": 3,
    }
# A streaming replica for reads that the code names (core/replica.py). Connect to it directly, not through pgbouncer.
DATABASE_ROUTERS = ["core.replica.Router"]
REPLICA_MAX_AGE = env.float("REPLICA_MAX_AGE", default=60.0)
if env.str("DATABASE_REPLICA_URL", default=""):
    _replica = env.db_url("DATABASE_REPLICA_URL")
    DATABASES["replika"] = {
        **DATABASES["default"],
        **_replica,
        "ENGINE": DATABASES["default"]["ENGINE"],  # with its wall
        "HOST": unquote(_replica["HOST"]),
        "POOLER": False,
        "TEST": {"MIRROR": "default"},
        "OPTIONS": {
            **_replica.get("OPTIONS", {}),
            # A machine that is gone without a word costs some seconds, once.
            "connect_timeout": 2,
            "tcp_user_timeout": 3000,
            "options": "-c lock_timeout=5000 -c default_transaction_read_only=on",
        },
    }
    if not TESTING:
        DATABASES["replika"]["OPTIONS"]["pool"] = {
            "connection_class": lines.Line,
            "min_size": 0,
            "max_size": env.int("DB_POOL", default=8) + 1,  # core.twin takes the last one, once a process
            "timeout": 1,
            "reconnect_timeout": 3,
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or local_services.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# --- Celery: PostgreSQL is the queue, Redis only rings the bell (docs/adr/0003) -------------------
# The doorbell may hang elsewhere: BROKER_URL=amqp://user:password@host:5672/vhost for RabbitMQ.
CELERY_BROKER_URL = env.str("BROKER_URL", default="") or local_services.as_celery_url(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "dtks"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker that gave up after an hour would be missed by nobody
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "visibility_timeout": 120,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
if CELERY_BROKER_URL.startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "connect_timeout": 2,
        "read_timeout": 5,
        "write_timeout": 5,
        "max_retries": 1,
    }
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Jakarta"
# Beat keeps one AMQP channel for its life and only a retry opens another: without it a broker that was away once is never rung again.
_BEAT = {"retry": True, "retry_policy": {"max_retries": 1}}
CELERY_BEAT_SCHEDULE = {
    "sapu": {"task": "core.kerjakan", "schedule": 3.0, "options": _BEAT},
    "jadwal": {"task": "core.jadwalkan", "schedule": 60.0, "options": _BEAT},
}
CELERY_BEAT_SCHEDULER = "config.beat.Doorbell"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Pengguna"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dasbor"
LOGOUT_REDIRECT_URL = "beranda"
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_MAX_SECONDS = env.int("SESSION_MAX_SECONDS", default=8 * 3600)
SESSION_COOKIE_AGE = SESSION_MAX_SECONDS
HTTPS = env.bool("HTTPS", default=PUBLIC_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sesi" if HTTPS else "sesi"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.galat.csrf"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # django-axes counts in PostgreSQL, which a broker flush cannot reset
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "accounts.forms_masuk.MasukForm",
    "reauthenticate": "accounts.forms_masuk.PastikanForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.forms_masuk.KodeForm",
    "reauthenticate": "accounts.forms_masuk.PastikanKodeForm",
    "activate_totp": "accounts.forms_masuk.PasangKodeForm",
    "login_webauthn": "accounts.forms_kunci.MasukForm",
    "authenticate_webauthn": "accounts.forms_kunci.LangkahKeduaForm",
    "reauthenticate_webauthn": "accounts.forms_kunci.PastikanForm",
    "add_webauthn": "accounts.forms_kunci.TambahForm",
}
MFA_TOTP_ISSUER = "Portal DTKS"
MFA_TOTP_TOLERANCE = (
    1  # a code that was read half a minute ago still counts (RFC 6238 section 5.2): slow phones, slow lines
)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

AXES_HANDLER = "accounts.adapter.PenghitungSalah"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.terkunci"
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.adapter.nama_tercatat"
AXES_CLIENT_IP_CALLABLE = "core.middleware.client_ip"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)

# --- Pages ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = local_services.state_dir() / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Photos, scans and generated letters: encrypted, random names, outside every web root.
FILES_DIR = Path(env.str("FILES_DIR", default=str(local_services.state_dir() / "berkas")))
DISK_WATCH = [Path(folder) for folder in env.list("DISK_WATCH", default=[])]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- REST API (core/api, docs/adr/0029) ------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.KunciAuth", "accounts.api.SesiAuth"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.PerluCakupan"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.pembatas.PerPemanggil"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parser.JsonKetat"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "core.api.skema.Skema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "core.api.galat.tanggapi",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "API Portal DTKS",
    "VERSION": "1",
    "DESCRIPTION": "Data kesejahteraan sosial kabupaten/kota untuk aplikasi lain. Contoh ada di /api/docs/.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["core.api.skema.ketatkan"],
    "PREPROCESSING_HOOKS": ["core.api.skema.hanya_v1"],
    "OAS_VERSION": "3.0.3",
}

# --- The outside world ----------------------------------------------------------------------------
DUKCAPIL_URL = env.str("DUKCAPIL_URL", default="http://127.0.0.1:8390")
DUKCAPIL_USER = env.str("DUKCAPIL_USER", default="dinsos")
DUKCAPIL_PASSWORD = env.str("DUKCAPIL_PASSWORD", default=_secrets.get("DUKCAPIL_PASSWORD", ""))
DUKCAPIL_IP = env.str("DUKCAPIL_IP", default="127.0.0.1")
DUKCAPIL_TIMEOUT = env.float("DUKCAPIL_TIMEOUT", default=5.0)

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_BOUNCE_URL = env.str("EMAIL_BOUNCE_URL", default="")
# Notices that leave the portal: off until they are set up.
KABAR_SUREL = env.bool("KABAR_SUREL", default=False)
PESAN_URL = env.str("PESAN_URL", default="")
PESAN_TOKEN = env.str("PESAN_TOKEN", default="")
PESAN_SALURAN = env.str("PESAN_SALURAN", default="whatsapp")
# Webhooks (docs/adr/0030): hosts to which they may go ('.garut.go.id' means everything below it), and networks that are not
# public but allowed, with plain http too.
WEBHOOK_HOST = env.list("WEBHOOK_HOST", default=[])
WEBHOOK_JARINGAN = env.list("WEBHOOK_JARINGAN", default=[])
PORTAL_NAMA = "Portal DTKS"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "filters": {"sealed": {"()": "core.logs.SealedFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["sealed"]}},
    # Django's own handlers would mail whole requests to ADMINS and print past the filter.
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

if not DEBUG:
    missing = [
        name
        for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY")
        if len(globals()[name]) < 32 or "ganti" in globals()[name].lower()
    ]
    if missing:
        raise local_services.LocalError(
            "Rahasia belum diisi: " + ", ".join(missing) + ". Lihat .env.example."
        )
