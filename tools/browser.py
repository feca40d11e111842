"""Make sure that the browser tests find a Chromium: JULUO_TEST_BROWSER, or Debian's, installed where we may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

KNOWN = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PACKAGES = ["chromium", "fonts-noto-cjk"]
ADVICE = """\
浏览器测试需要 Chromium 或 Chrome，这台机器上没有找到，而您不是 root，不能替您安装。请任选一种：
    请管理员安装（Debian、Ubuntu）：sudo apt-get install chromium fonts-noto-cjk
    指定已有的浏览器：JULUO_TEST_BROWSER=/path/to/chrome make test
    先不跑浏览器测试：.venv/bin/pytest -m 'not browser'
The browser tests need Chromium or Chrome; none was found here, and only root could install one for you. Do one of these:
    have it installed (Debian, Ubuntu): sudo apt-get install chromium fonts-noto-cjk
    name one that is there: JULUO_TEST_BROWSER=/path/to/chrome make test
    leave the browser tests out: .venv/bin/pytest -m 'not browser'"""


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
