"""Django's settings, made from `options`. Nothing here is meant to be edited on an installation."""

import secrets
from hashlib import blake2b
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from .options import SettingsWrong, given

OPTIONS = given()
DATA_DIR = OPTIONS.data_dir.expanduser().absolute()
HERE = Path(__file__).resolve().parent


def _secret() -> str:
    """The signing key: given, or made once and kept in the data folder, readable by its owner only."""
    if OPTIONS.secret_key:
        return OPTIONS.secret_key
    file = DATA_DIR / "secret.key"
    try:
        if not file.exists():
            DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(50))
        return file.read_text().strip()
    except OSError as error:
        raise SettingsWrong(
            f"数据目录 {DATA_DIR} 不能读写（{error.strerror}）。请让运行聚落的用户可以写入，或用 JULUO_DATA_DIR 换一个目录。",
            f"The data folder {DATA_DIR} cannot be read or written ({error.strerror}). "
            "Let the user who runs Juluo write there, or name another folder in JULUO_DATA_DIR.",
        ) from error


def _database() -> dict:
    """SQLite in the data folder, or the PostgreSQL of `JULUO_DATABASE_URL`."""
    if not OPTIONS.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "juluo.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL, not NORMAL: what was acknowledged survives a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;",
            },
        }
    url = urlsplit(OPTIONS.database_url)
    query = dict(parse_qsl(url.query))
    name = unquote(url.path.lstrip("/"))
    if url.scheme not in ("postgres", "postgresql") or not name or not _has_port(OPTIONS.database_url):
        raise SettingsWrong(
            "设置 JULUO_DATABASE_URL 应写成 postgresql://用户:密码@主机:5432/库名，"
            "或 postgresql:///库名?host=/套接字目录；不用 PostgreSQL 就留空。",
            "JULUO_DATABASE_URL must look like postgresql://user:password@host:5432/name, or …/name?host=/socket/folder, or be empty.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(url.username or query.pop("user", "")),
        "PASSWORD": unquote(url.password or query.pop("password", "")),
        "HOST": query.pop("host", unquote(url.hostname or "")),  # a folder is the place of a Unix socket
        "PORT": str(query.pop("port", url.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", **query},  # sslmode and whatever else PostgreSQL's own URLs may carry
    }


def _mail() -> dict:
    """Where mail goes: smtp://user:password@host:587 (STARTTLS), smtps://…:465, or nowhere."""
    if not OPTIONS.mail_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    url = urlsplit(OPTIONS.mail_url)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or not _has_port(OPTIONS.mail_url):
        raise SettingsWrong(
            "设置 JULUO_MAIL_URL 应写成 smtp://用户:密码@主机:587 或 smtps://用户:密码@主机:465；不发信就留空。",
            "JULUO_MAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465, or be empty.",
        )
    direct = url.scheme == "smtps"
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if direct else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": direct,
        "EMAIL_USE_TLS": not direct and bool(url.username),
        "EMAIL_TIMEOUT": 20,
    }


def _lake() -> str:
    """Nothing for files in the data folder, or the address of a ClickHouse."""
    url = OPTIONS.lake_url
    if url and (urlsplit(url).scheme not in ("clickhouse", "clickhouses", "chdb") or not _has_port(url)):
        raise SettingsWrong(
            "设置 JULUO_LAKE_URL 应写成 clickhouse://用户:密码@主机:8123/库名（加密连接写作 clickhouses://）；用内置引擎就留空。",
            "JULUO_LAKE_URL must look like clickhouse://user:password@host:8123/name (clickhouses:// with TLS), or be empty.",
        )
    return url


def _has_port(url: str) -> bool:
    """Whether the port of an address is a number or left out."""
    try:
        urlsplit(url).port  # noqa: B018  (it is read to see whether it can be)
    except ValueError:
        return False
    return True


SECRET_KEY = _secret()
DEBUG = OPTIONS.debug
PUBLIC_URL = OPTIONS.public_url.rstrip("/")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver", *([urlsplit(PUBLIC_URL).hostname] if PUBLIC_URL else [])]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20  # bytes of one request: twice the largest piece in which the console sends a file

ROOMS = [
    "juluo.ground.audit",
    "juluo.ground.accounts",
    "juluo.ground.communities",
    "juluo.ground.tokens",
    "juluo.record.events",
    "juluo.record.lake",
    "juluo.record.connectors",
    "juluo.record.people",
    "juluo.record.tasks",
    "juluo.record.profiles",
    "juluo.record.imports",
    "juluo.insight.texts",
    "juluo.insight.metrics",
    "juluo.insight.segments",
    "juluo.insight.funnels",
    "juluo.insight.tiers",
    "juluo.insight.value",
    "juluo.insight.koc",
    "juluo.insight.personas",
    "juluo.insight.maturity",
    "juluo.insight.reports",
    "juluo.operate.surveys",
    "juluo.surfaces.console",
    "juluo.surfaces.api",
    "juluo.surfaces.portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "juluo.kit",
    *ROOMS,  # before allauth, whose pages we draw ourselves
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",  # the API's documentation page, with its own script files
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "juluo.surfaces.console.middleware.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "juluo.surfaces.console.middleware.Errors",
    "juluo.surfaces.portal.middleware.Errors",
    "juluo.ground.accounts.middleware.person",
    "juluo.ground.accounts.middleware.settle_first",
]
CSRF_FAILURE_VIEW = "juluo.surfaces.console.faults.csrf_failure"
ROOT_URLCONF = "juluo.site.urls"
WSGI_APPLICATION = "juluo.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "juluo.surfaces.console.context.shell",
            ],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "TIMEOUT": 60 * 60 * 24,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "imports"]}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "juluo.ground.accounts.adapters.Adapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[聚落] "
ALLAUTH_TRUSTED_PROXY_COUNT = OPTIONS.proxies
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "juluo.ground.accounts.adapters.MFAAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves, so an address is as good as the invitation
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Juluo 聚落"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers themselves allow passkeys on localhost and https only
MESSAGE_TAGS = {10: "info"}

globals().update(_mail())
CAN_MAIL = bool(OPTIONS.mail_url)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = OPTIONS.mail_from or "juluo@localhost"

LANGUAGE_CODE = OPTIONS.language
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = OPTIONS.time_zone
USE_TZ = True


def _assets_version() -> str:
    """A digest of our static files, so that their address changes exactly when they do and browsers may keep them for good."""
    digest = blake2b(digest_size=5)
    for file in sorted((HERE / "static").rglob("*")):
        if file.is_file() and file.suffix != ".gz":
            digest.update(file.relative_to(HERE).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


STATIC_URL = f"static/{'dev' if DEBUG else _assets_version()}/"
STATIC_ROOT = None
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LAKE_URL = _lake()
LAKE_MEMORY = OPTIONS.lake_memory

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"juluo": {"level": "INFO"}},
}
