"""The site as an operator starts it: `make run`, in a folder and on a port of its own."""

import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from giftplatform.tests.running import Shell
from testing.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
FIRST_START_S = 600  # a quiet machine takes a minute at most


class Site:
    """A running site. `printed` is what it wrote: the greeting and, in a sandbox, every mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.rtmp_port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.printed: list[str] = []
        hidden = {"DATABASE_URL", "TEST_DB_SUFFIX"}
        self.environment = {k: v for k, v in os.environ.items() if k not in hidden} | {
            "DJANGO_SETTINGS_MODULE": "testing.settings",
            "PORT": str(self.port),
            "RTMP_PORT": str(self.rtmp_port),
            "VAR_DIR": str(folder),
            "PUBLIC_URL": self.url,
            # A room has a picture when a test sends one.
            "DEMO_FILMS": "false",
            "VIDEO_ELSEWHERE": "hls,youtube,owncast:cast.example.org",
        }
        self.process: subprocess.Popen[str] | None = None
        self._shell: Shell | None = None

    def start(self) -> float:
        """Start it and return after how many seconds it could serve."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        while time.monotonic() - began < FIRST_START_S:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError("The site did not come up:\n" + "".join(self.printed))

    def _listen(self) -> None:
        assert self.process
        assert self.process.stdout
        self.printed.extend(self.process.stdout)

    def stop(self) -> None:
        """Press Ctrl-C and wait until all of it is gone."""
        assert self.process
        if self._shell:
            self._shell.close()
            self._shell = None
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)

    def web_processes(self) -> list[int]:
        """Return the processes that serve this site's pages and events."""
        mine = f"--port\0{self.port}\0"
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with suppress(OSError):
                    command = (folder / "cmdline").read_text()
                    if "uvicorn" in command and mine in command:
                        found.append(int(folder.name))
        return found

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the running site."""
        return subprocess.run(
            [str(ROOT / ".venv" / "bin" / "python"), "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def shell(self, code: str) -> str:
        """Run Python beside the running site, as `manage.py shell` does; return what it printed."""
        self._shell = self._shell or Shell(self.environment)
        return self._shell.run(code)[0]

    def link_mailed_to(self, email: str, containing: str) -> str:
        """Return the newest link in a mail to this address, waiting until it was printed."""
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            text = "".join(self.printed)
            for mail in reversed(text.split("Content-Type: text/plain")):
                link = re.search(rf"https?://\S*{containing}\S*", mail)
                if link and f"To: {email}" in mail:
                    return link[0]
            time.sleep(0.2)
        raise AssertionError(f"No mail to {email}:\n" + "".join(self.printed)[-3000:])
