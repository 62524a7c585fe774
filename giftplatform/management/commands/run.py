"""`make run`: the whole site with one command."""

import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from giftplatform.postgresql import embedded
from giftplatform.runtime.sandbox_guard import refuse_other_money
from giftplatform.runtime.supervisor import Supervisor, only_one

STATIC_SOURCES = (
    *("giftplatform", "accounts", "wallet", "live", "gifts", "payouts", "video", "overlay"),
    "studio",
)


class Command(BaseCommand):
    """Prepare the database and the files, start web and worker, and stop everything on Ctrl-C."""

    help = "Run the whole site: database, web server and jobs. Press Ctrl-C to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until asked to stop."""
        with only_one(settings.VAR_DIR / "run.lock"):
            self.refuse_taken_port()
            try:
                self.prepare()
                more = standin() | films()
                site = Supervisor(settings.VAR_DIR, settings.PORT, settings.DATABASE_URL, more)
                site.serve(on_ready=self.greet)
            except KeyboardInterrupt:
                pass  # Ctrl-C while it was still getting ready
            finally:
                self.stdout.write("\nStopping.")
                embedded.stop(settings.VAR_DIR)
        self.stdout.write("Stopped. Your data is in var/. Start again with make run.")

    def refuse_taken_port(self) -> None:
        """Say so if another server listens there already."""
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family) as probe:
                if probe.connect_ex((host, settings.PORT)) == 0:
                    raise CommandError(
                        f"Port {settings.PORT} is already in use. "
                        f"Choose another one, like PORT={settings.PORT + 1} make run"
                    )

    def prepare(self) -> None:
        """Bring database, economy and static files up to date; quick when they are."""
        for folder in ("queue", "queue-control"):
            (settings.VAR_DIR / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_other_money()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_economy", verbosity=0)
        if settings.SANDBOX:
            call_command("load_demo", verbosity=0)
        stamp = settings.VAR_DIR / "static.stamp"
        changes = [newest_change(settings.BASE_DIR / name) for name in STATIC_SOURCES]
        # A newer staff theme brings its own files.
        changes.append((settings.BASE_DIR / "requirements.txt").stat().st_mtime_ns)
        newest = f"{max(changes)} {settings.COMPRESS_STATIC}"
        if not stamp.exists() or stamp.read_text() != newest:
            self.stdout.write("Collecting static files ...")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(newest)

    def greet(self) -> None:
        """Print the address and, in a sandbox, who can sign in."""
        self.stdout.write(
            self.style.SUCCESS(f"\n  Giftplatform is running at {settings.PUBLIC_URL}\n")
        )
        if settings.SANDBOX:
            from giftplatform.demo.people import PASSWORD, sign_ins

            self.stdout.write("  Sandbox: no real money moves here. Sign in as")
            for email, role in sign_ins():
                self.stdout.write(f"    {email:<22} {role}")
            self.stdout.write(f"  with the password {PASSWORD}\n")
        if settings.STRIPE_STANDIN_PORT:
            self.stdout.write(
                "  Payments go to a stand-in for Stripe; its dashboard is at"
                f" http://localhost:{settings.STRIPE_STANDIN_PORT}\n"
            )
        self.stdout.write("  Press Ctrl-C to stop.\n\n")
        self.stdout.flush()


def standin() -> dict[str, list[str]]:
    """Return the stand-in for Stripe as a process, where a sandbox needs one."""
    if not settings.STRIPE_STANDIN_PORT:
        return {}
    asked = {
        "--port": str(settings.STRIPE_STANDIN_PORT),
        "--path": str(settings.VAR_DIR / "stripe-standin.sqlite3"),
        "--key": settings.STRIPE_SECRET_KEY,
        "--secret": settings.STRIPE_WEBHOOK_SECRETS[0],
        "--webhooks": f"http://127.0.0.1:{settings.PORT}/webhooks/stripe/",
    }
    return {
        "stand-in": ["-m", "stripe_standin", *(word for pair in asked.items() for word in pair)]
    }


def films() -> dict[str, list[str]]:
    """Return the sender of the demo's films as a process, in a sandbox."""
    return {"films": ["manage.py", "show_films"]} if settings.DEMO_FILMS else {}


def newest_change(folder: Path) -> int:
    """Return when the newest static file under an app changed, in nanoseconds."""
    files = (path.stat().st_mtime_ns for path in (folder / "static").rglob("*") if path.is_file())
    return max(files, default=0)
