"""`make reset`: throw away everything in `var/`."""

import shutil
import sys
from pathlib import Path

import environ

from giftplatform.postgresql import embedded


def main() -> None:
    """Stop the embedded database and remove the folder; the next start begins from nothing."""
    environ.Env.read_env(Path(__file__).parents[2] / ".env")
    env = environ.Env()
    if env.str("DATABASE_URL", default=""):
        sys.exit(
            "DATABASE_URL is set: that database is yours to empty. "
            "Only the embedded one is reset here."
        )
    var_dir = Path(env.str("VAR_DIR", default=str(Path(__file__).parents[2] / "var"))).resolve()
    embedded.stop(var_dir)
    shutil.rmtree(var_dir, ignore_errors=True)
    sys.stdout.write("All data has been deleted. Start over with make run.\n")


if __name__ == "__main__":
    main()
