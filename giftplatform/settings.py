"""The one settings file.

Everything an operator may change is an environment variable, listed in `.env.example`.
"""

import logging
import sys
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from foundation.transactions import retry_lost_races
from giftplatform.postgresql import embedded
from giftplatform.runtime import bank, ingest, payments, secrets
from giftplatform.staff.theme import UNFOLD as UNFOLD  # noqa: PLC0414  # read by the staff theme
from giftplatform.styles import STYLE_GROUPS as STYLE_GROUPS  # noqa: PLC0414  # joined when collected

# Lets `Field[int, int]` and its kind be written where Python runs them too.
django_stubs_ext.monkeypatch()
# Before any app decorates its writers.
retry_lost_races()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Mode -------------------------------------------------------------------------------------
# A fresh clone is a sandbox: play money, demo people, a banner on every page. Live is a decision.
SANDBOX: bool = env.bool("SANDBOX", default=True)
DEBUG: bool = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
if TESTING:
    # Tests side by side have a server each: a snapshot waits for every transaction on its server.
    VAR_DIR /= env.str("PYTEST_XDIST_WORKER", default="")
PORT: int = env.int("PORT", default=8000)
PUBLIC_URL: str = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}")

secrets.require(env, sandbox=SANDBOX)
SECRET_KEY: str = secrets.read(env, "SECRET_KEY", VAR_DIR, sandbox=SANDBOX)
# Encrypts bank details at rest; losing it loses them, so it is not derived from SECRET_KEY, which
# may rotate.
FIELD_KEY: str = secrets.read(env, "FIELD_KEY", VAR_DIR, sandbox=SANDBOX)
WEBHOOK_SECRET_SANDBOX: str = SECRET_KEY
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Apps -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "giftplatform.apps.SiteConfig",
    "accounts",
    "ledger",
    "wallet",
    "live",
    "gifts",
    "payouts",
    "video",
    "care",
    "overlay",
    "studio",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "giftplatform.staff.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "giftplatform.apps.StaticConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads pages by chance, against guessing at secrets
    "csp.middleware.CSPMiddleware",
    "foundation.incoming.IncomingMiddleware",  # before all that reads cookies, addresses, forms
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "foundation.figures.FiguresMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.errors.DomainErrorMiddleware",
    "foundation.once.OnceMiddleware",
]

ROOT_URLCONF = "giftplatform.urls"
WSGI_APPLICATION = "giftplatform.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "csp.context_processors.nonce",
                "giftplatform.context_processors.site",
            ],
            "libraries": {
                "assets": "foundation.templatetags.assets",
                "figures": "foundation.templatetags.figures",
                "moments": "foundation.templatetags.moments",
            },
        },
    },
]

# --- Database ---------------------------------------------------------------------------------
# PostgreSQL only: the promises are kept by its locks, constraints and triggers.
DATABASE_URL: str = env.str("DATABASE_URL", default="") or embedded.database_url(VAR_DIR)
DATABASES = {
    "default": embedded.database_settings(
        DATABASE_URL,
        timeout_s=env.int("DATABASE_TIMEOUT_S", default=0),
        prepare=env.bool("DATABASE_PREPARE", default=True),
    )
}
# Rows that are read part by part need one connection of the server's all the time.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLER", default=False)
if TESTING:
    DATABASES["default"]["TEST"] = {
        "NAME": "test_giftplatform" + env.str("TEST_DB_SUFFIX", default="")
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A Redis that is silent is one that is gone: no page waits for it longer than this.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# --- Jobs -------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or ("memory://" if TESTING else "filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    _queue = VAR_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _queue,
        "data_folder_out": _queue,
        "control_folder": VAR_DIR / "queue-control",
        "polling_interval": 0.05,
    }
else:
    # A Redis that is silent is one that is gone: who waits for it longer than this tries again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5, "socket_timeout": 15}
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for as long as it takes
# Rows are the truth; these find the work that no message announced. Seconds.
CELERY_BEAT_SCHEDULE = {
    "sweep-purchases": {"task": "wallet.tasks.sweep", "schedule": 3.0},
    "issue-documents": {"task": "wallet.tasks.issue_documents", "schedule": 3.0},
    "email-top-ups": {"task": "wallet.tasks.email_top_ups", "schedule": 10.0},
    "email-holds": {"task": "wallet.tasks.email_holds", "schedule": 10.0},
    "email-statements": {"task": "wallet.tasks.email_statements", "schedule": 60.0},
    "read-statement-folder": {"task": "payouts.tasks.read_folder", "schedule": 60.0},
    "end-bonuses": {"task": "wallet.tasks.end_bonuses", "schedule": 60.0},
    "reconcile": {"task": "wallet.tasks.reconcile", "schedule": 600.0},
    "take-snapshots": {"task": "ledger.tasks.take_snapshots", "schedule": 5.0},
    "recognise-revenue": {"task": "wallet.tasks.recognise", "schedule": 3600.0},
    "check-ledger": {"task": "ledger.tasks.check", "schedule": 3600.0},
    # Often, because a beat that is restarted each day would never come to a daily one.
    "prune-keys": {"task": "gifts.tasks.prune_keys", "schedule": 6 * 3600.0},
    "release-diamonds": {"task": "gifts.tasks.release", "schedule": 10.0},
    "book-bonus-cost": {"task": "gifts.tasks.book_bonus_cost", "schedule": 3600.0},
    "follow-disputes": {"task": "gifts.tasks.follow_disputes", "schedule": 5.0},
    "draw-uploads": {"task": "gifts.tasks.draw_uploads", "schedule": 5.0},
    "sweep-payouts": {"task": "payouts.tasks.sweep", "schedule": 3.0},
    "say-thanks": {"task": "overlay.tasks.say_thanks", "schedule": 3.0},
    "end-goals": {"task": "overlay.tasks.end_goals", "schedule": 5.0},
    "send-stream-notices": {"task": "live.tasks.send_notices", "schedule": 5.0},
    "count-watching": {"task": "live.tasks.count_watching", "schedule": 60.0},
    "sweep-care": {"task": "care.tasks.sweep", "schedule": 5.0},
    "forget-cases": {"task": "care.tasks.forget", "schedule": 3600.0},
    "tell-rights": {"task": "accounts.tasks.tell_rights", "schedule": 5.0},
    "check-creators": {"task": "gifts.tasks.check_creators", "schedule": 900.0},
    "prune-traces": {"task": "accounts.tasks.prune_traces", "schedule": 6 * 3600.0},
    "sweep-pictures": {"task": "accounts.tasks.sweep_pictures", "schedule": 3600.0},
    "prune-order-traces": {"task": "wallet.tasks.prune_traces", "schedule": 6 * 3600.0},
    "heartbeat": {"task": "giftplatform.tasks.heartbeat", "schedule": 5.0},
}

# --- Sending ----------------------------------------------------------------------------------
# Sends that meet in one process go to the database together; off: each by itself.
MICRO_BATCHING: bool = env.bool("MICRO_BATCHING", default=True)

# --- Ledger -----------------------------------------------------------------------------------
# Modules whose `RULES` say what may be posted, and modules whose `CHECKS` prove the ledger; upper
# layers add theirs without the ledger knowing them.
LEDGER_POSTINGS = [
    "wallet.postings",
    "wallet.reconciliation.postings",
    "wallet.transfers.postings",
    "gifts.postings",
    "payouts.postings",
]
# Modules whose `sections` say what a bank should know of a disputed payment.
DISPUTE_EVIDENCE = ["wallet.evidence.payment", "gifts.clawback.evidence"]
# Modules whose `tally` counts what a rule against fraud is about, of creators.
VELOCITY_OF_CREATORS = ["gifts.velocity.creators"]
# How long an order keeps its whole IP address (banks ask up to half a year later), and how long it
# and its account keep the network, the browser and the card.
TRACE_IP_DAYS: int = env.int("TRACE_IP_DAYS", default=180)
TRACE_DAYS: int = env.int("TRACE_DAYS", default=400)
LEDGER_CHECKS = [
    "ledger.checks",
    "ledger.sources",
    "wallet.checks",
    "wallet.reconciliation.checks",
    "wallet.reconciliation.transfers",
    "gifts.checks",
    "payouts.checks",
]
# What the ledger needs to know of its callers and must not ask them: nearly all postings are of one
# kind; staff type a number and mean a key that begins so; old keys of some kinds may be forgotten.
LEDGER_FREQUENT_KIND = "gift"
LEDGER_KEY_PREFIXES = ("purchase:", "gift:", "undo:", "reverses:gift:")
LEDGER_PRUNABLE_KINDS = ("gift", "undo")
# After so many days the keys of gifts are forgotten; 0: never. 90 at least.
KEEP_GIFT_KEYS_DAYS: int = env.int("KEEP_GIFT_KEYS_DAYS", default=0)
# The site's own account, from which payouts leave and which the bank's statements must name.
BANK_ACCOUNT = {
    "name": env.str("BANK_NAME", default="Giftplatform Sandbox" if SANDBOX else ""),
    "iban": env.str("BANK_IBAN", default="DE89370400440532013000" if SANDBOX else ""),
    "bic": env.str("BANK_BIC", default="COBADEFFXXX" if SANDBOX else ""),
    # Banks outside the EEA are told where a payer lives.
    "street": env.str("BANK_STREET", default="Kai 7" if SANDBOX else ""),
    "postcode": env.str("BANK_POSTCODE", default="20457" if SANDBOX else ""),
    "town": env.str("BANK_TOWN", default="Hamburg" if SANDBOX else ""),
    "country": env.str("BANK_COUNTRY", default="DE" if SANDBOX else ""),
}
# Payees' banks in the EEA without a BIC: left out of the file (omit), named as not known
# (notprovided), or refused when an account is entered (refuse). Our bank says which it wants.
BANK_MISSING_BIC: str = env.str("BANK_MISSING_BIC", default="omit")
# Its day ends at this hour, in this zone: what comes later is executed on the next day.
BANK_TIME_ZONE = bank.time_zone(env.str("BANK_TIME_ZONE", default="Europe/Berlin"))
BANK_CUTOFF_HOUR: int = env.int("BANK_CUTOFF_HOUR", default=15)
bank.require(
    cutoff_hour=BANK_CUTOFF_HOUR,
    missing_bic=BANK_MISSING_BIC,
    country=BANK_ACCOUNT["country"],
)
# The largest bank statement that is read; 50,000 payments take 15 MB and more.
STATEMENT_MAX_MB: int = env.int("STATEMENT_MAX_MB", default=40)
# The seller of the coins, as receipts name them; address lines are split at "|".
SELLER_NAME: str = env.str("SELLER_NAME", default=BANK_ACCOUNT["name"])
SELLER_ADDRESS: str = env.str(
    "SELLER_ADDRESS", default="Kai 7|20457 Hamburg|Germany" if SANDBOX else ""
)
SELLER_TAX_ID: str = env.str("SELLER_TAX_ID", default="DE000000000" if SANDBOX else "")
# Where people write to when a page tells them to contact us.
SELLER_EMAIL: str = env.str("SELLER_EMAIL", default="hello@example.com" if SANDBOX else "")
PAYMENT_PROVIDERS = payments.providers(env, sandbox=SANDBOX)
# Coins paid by transfer to the site's own account, where PAYMENT_PROVIDERS names bank_transfer.
TRANSFERS = payments.transfers(env)
# Bank statements put into this folder are read as uploads of a member of staff; empty: none is.
STATEMENT_FOLDER: str = env.str("STATEMENT_FOLDER", default="")
STATEMENT_FOLDER_AS: str = env.str("STATEMENT_FOLDER_AS", default="")
_stripe = payments.stripe(
    env,
    sandbox=SANDBOX,
    used=payments.STRIPE in PAYMENT_PROVIDERS,
    secret=SECRET_KEY,
    port=PORT,
)
STRIPE_SECRET_KEY: str = _stripe.secret_key
STRIPE_WEBHOOK_SECRETS: list[str] = _stripe.webhook_secrets
STRIPE_API_BASE: str = _stripe.api_base
STRIPE_FILES_BASE: str = _stripe.files_base
# A sandbox without a key of Stripe's test mode runs the stand-in at this port; else 0.
STRIPE_STANDIN_PORT: int = _stripe.standin_port if payments.STRIPE in PAYMENT_PROVIDERS else 0

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The rules for names: functions that take a name and its owner, and refuse.
NAME_VALIDATORS = ["live.chat.names.refuse"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"accounts.passwords.{name}"}
    for name in ("NotAboutYou", "LongEnough", "NotCommon", "NotOnlyDigits")
]
if TESTING:  # the cast of every test has passwords; honest hashing would take most of the time
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.sign_in.SignupForm",
    "login": "accounts.forms.sign_in.LoginForm",
    "add_email": "accounts.forms.sign_in.AddEmailForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "set_password": "accounts.forms.sign_in.SetPasswordForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_TIMEOUT = 3_600  # so long a browser waits for its link to be opened
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[SANDBOX] " if SANDBOX else ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new key to one's account is told to its owner
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("home")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SANDBOX
MFA_TOTP_ISSUER = "Giftplatform"
# Where real money moves, a stolen password must not open the staff site.
STAFF_SECOND_STEP: bool = env.bool("STAFF_SECOND_STEP", default=not SANDBOX)
# An account, right, group or second step approves no payouts for so many hours.
APPROVER_REST_HOURS: int = env.int("APPROVER_REST_HOURS", default=0 if SANDBOX else 24)
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.MfaAuthenticateForm",
    "reauthenticate": "accounts.forms.sign_in.MfaReauthenticateForm",
    "activate_totp": "accounts.forms.sign_in.ActivateTotpForm",
    "authenticate_webauthn": "accounts.forms.sign_in.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.forms.sign_in.LoginPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.sign_in.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.sign_in.EditPasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = True
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
    EMAIL_BACKEND = "giftplatform.runtime.console_email.EmailBackend"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Giftplatform <hello@localhost>")

# --- Guardians, and accounts that close --------------------------------------------------------
# A case is answered within so many days, as its page says.
GUARDIAN_ANSWER_DAYS: int = env.int("GUARDIAN_ANSWER_DAYS", default=5)
# What a guardian told is taken out of a case so many days after it was closed.
GUARDIAN_KEEP_DAYS: int = env.int("GUARDIAN_KEEP_DAYS", default=180)
# Gifts of the last so many days count as recent where staff decide what goes back.
GUARDIAN_GIFT_DAYS: int = env.int("GUARDIAN_GIFT_DAYS", default=90)
# An account that its owner closes can be kept for so many days, by signing in.
CLOSING_GRACE_DAYS: int = env.int("CLOSING_GRACE_DAYS", default=14)
# With it go back the unused coins of orders no older than so many days; 0: of all orders.
CLOSING_REFUND_DAYS: int = env.int("CLOSING_REFUND_DAYS", default=0)
# Beside allauth's own.
ACCOUNT_RATE_LIMITS = {
    "guardian_case": "5/h/ip,20/d/ip",
    "picture": "30/h/user",
    "stream_key": "5/m/key",
}

# --- Safety -----------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_ENGINE = "accounts.models.sessions"  # the session list needs rows to show and end
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The address that limits count: the one that our proxy names, without a proxy the caller's own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256_000  # a form without its files; unescaping 1 MB takes 100 ms
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Where viewers fetch live video: here, or at a CDN, which the browser must be allowed to ask.
VIDEO_URL: str = env.str("VIDEO_URL", default="/video/")
_video = ingest.origin(VIDEO_URL)
CONTENT_SECURITY_POLICY = {
    # The staff site replaces two of these with its own: giftplatform/staff/site.py.
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *_video],
        "media-src": [SELF, "blob:", *_video],
        "connect-src": [SELF, *_video],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Fans pay on the provider's own page.
        "form-action": [SELF, *([_stripe.pages] if payments.STRIPE in PAYMENT_PROVIDERS else [])],
    },
}

# --- Video --------------------------------------------------------------------------------------
# What viewers fetch lies here; nginx or `video/serving.py` answers with it under VIDEO_URL.
VIDEO_DIR = Path(env.str("VIDEO_DIR", default=str(VAR_DIR / "video"))).resolve()
# The port for OBS and other encoders. A sandbox on another port than 8000 has neighbours.
RTMP_HOST: str = env.str("RTMP_HOST", default="127.0.0.1")
RTMP_PORT: int = env.int("RTMP_PORT", default=PORT + 200 if SANDBOX and PORT != 8000 else 1935)
RTMP_URL = ingest.address(env, public_url=PUBLIC_URL, port=RTMP_PORT)
# A media server before our own port (deploy/mediamtx/): its secret, and where creators find it.
MEDIA_SERVER_SECRET: str = env.str("MEDIA_SERVER_SECRET", default="")
MEDIA_SERVER_RTMPS: str = env.str("MEDIA_SERVER_RTMPS", default="")
MEDIA_SERVER_WHIP: str = env.str("MEDIA_SERVER_WHIP", default="")
# Whose video rooms may show beside ours: hls (any server of its creator), youtube, twitch, vimeo,
# owncast:<host>, peertube:<host>.
VIDEO_ELSEWHERE: dict[str, str] = ingest.elsewhere(env)
# What comes in and lies there is bounded: bits a second, broadcasts at once, files of one, hours.
VIDEO_MAX_MBIT: int = env.int("VIDEO_MAX_MBIT", default=12)
VIDEO_MAX_BROADCASTS: int = env.int("VIDEO_MAX_BROADCASTS", default=20)
VIDEO_MAX_MB: int = env.int("VIDEO_MAX_MB", default=300)
VIDEO_MAX_HOURS: int = env.int("VIDEO_MAX_HOURS", default=24)
# No video is taken in while less than this is free on its disk.
VIDEO_LEAST_FREE_MB: int = env.int("VIDEO_LEAST_FREE_MB", default=1_000)
# Beside what is sent, viewers get it drawn anew at 360p: a third of a core for each broadcast.
VIDEO_360P: bool = env.bool("VIDEO_360P", default=False)
# Two rooms of the demo show a film, which is sent in as an encoder would.
DEMO_FILMS: bool = env.bool("DEMO_FILMS", default=True) and SANDBOX
# Replays: whether streams are kept where their creator has not said so, for how many days, how much
# one may take and how much all of them.
VIDEO_KEEP_REPLAYS: bool = env.bool("VIDEO_KEEP_REPLAYS", default=SANDBOX)
VIDEO_REPLAY_DAYS: int = env.int("VIDEO_REPLAY_DAYS", default=30)
VIDEO_REPLAY_MAX_MB: int = env.int("VIDEO_REPLAY_MAX_MB", default=4_000)
VIDEO_REPLAYS_MB: int = env.int("VIDEO_REPLAYS_MB", default=20_000)
VIDEO_CLIPS_MB: int = env.int("VIDEO_CLIPS_MB", default=5_000)

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
# Packing takes 40 seconds of a core, a sandbox serves its own machine: it starts in 2 without.
COMPRESS_STATIC: bool = env.bool("COMPRESS_STATIC", default=not SANDBOX)
if DEBUG or TESTING:
    _static = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif COMPRESS_STATIC:
    _static = "foundation.static_files.CompressedStorage"
else:
    _static = "foundation.static_files.HashedStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# A file is looked for when it is asked for: each browser of a test would read the names of all.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
# Sized in megabytes, asked for by developer tools only: not worth the seconds at each start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# --- Words ------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "giftplatform.formats"

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that a missing or wrong key answers 401 with its challenge and not 403.
        "accounts.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.HasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.parsers.BoundedParser"],
    "DEFAULT_SCHEMA_CLASS": "giftplatform.api.schema.ScopedSchema",
    "EXCEPTION_HANDLER": "foundation.errors.api_exception_handler",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Giftplatform API",
    "VERSION": "1",
    "DESCRIPTION": "Everything fans and creators can do on the site, with the same rules.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"PayoutStateEnum": "payouts.models.Payout.State"},
}


def _is_fault(record: logging.LogRecord) -> bool:
    """Return whether a request failed: that a site is not ready is an answer, too."""
    asked = getattr(getattr(record, "request", None), "path", "")
    return (asked, getattr(record, "status_code", 0)) != ("/readyz", 503)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    # The address of an overlay is a secret; a fault would write it down.
    "filters": {
        "no_addresses": {"()": "overlay.logs.NoAddresses"},
        "faults": {"()": "django.utils.log.CallbackFilter", "callback": _is_fault},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_addresses"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["faults"]},
        "celery.beat": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},
        "stripe": {"level": "WARNING"},  # below it every request is a line
    },
}
