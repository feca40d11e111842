"""Make sure that the browser tests find a Chromium: JULUO_TEST_BROWSER, or Debian's, installed where we may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

KNOWN = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PACKAGES = ["chromium", "fonts-noto-cjk"]
ADVICE = """\
The browser tests need Chromium or Chrome. Install one, or name it:
    JULUO_TEST_BROWSER=/path/to/chrome make test
On Debian or Ubuntu: apt-get install chromium fonts-noto-cjk"""


def found() -> str | None:
    """The path of a browser to test with, or None."""
    if named := os.environ.get("JULUO_TEST_BROWSER"):
        return named if Path(named).exists() else shutil.which(named)
    return next((path for path in KNOWN if Path(path).exists()), None)


def install() -> None:
    """Debian's Chromium and Chinese fonts. Needs root and apt."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=quiet, check=True)
    subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES], env=quiet, check=True)


def main() -> int:
    if found():
        return 0
    if "JULUO_TEST_BROWSER" not in os.environ and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Debian's Chromium for the browser tests …", flush=True)
        install()
        if found():
            return 0
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
