"""The README's pictures, made anew: a first start in a folder of its own, and the sample community looked at.

    python -m tools.pictures

Only the sample is shown: its members do not exist.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, expect, sync_playwright

from .browser import found

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SAMPLE = "/c/sample"
PICTURES = {
    "today": (f"{SAMPLE}/today/", WIDE),
    "insight": (f"{SAMPLE}/insight/", WIDE),
    "report": (f"{SAMPLE}/reports/", WIDE),
    "phone": (f"{SAMPLE}/today/", PHONE),
}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="juluo-pictures-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_")} | {"JULUO_DATA_DIR": str(folder)}
    house = subprocess.Popen(
        [sys.executable, "-m", "juluo.site", "up", "--port", str(port)], env=place, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=found(), args=["--no-sandbox", "--disable-gpu"])
            context = chromium.new_context(viewport=WIDE, locale="zh-CN", color_scheme="light", device_scale_factor=1)
            _settle(context, _link(house))
            for name, (path, size) in PICTURES.items():
                _take(context, f"http://127.0.0.1:{port}{path}", size, IMAGES / f"{name}.png")
            chromium.close()
    finally:
        house.send_signal(signal.SIGINT)
        house.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _link(house: subprocess.Popen[str]) -> str:
    assert house.stdout is not None
    for line in house.stdout:
        if link := re.search(r"http://\S+/join/\S+?/", line):
            return link[0]
    raise SystemExit("juluo up ended without an address")


def _settle(context: BrowserContext, link: str) -> None:
    """Sign in as a newcomer would."""
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="进入聚落").click()
    for name, value in (("name", "小满"), ("username", "xiaoman"), ("password", "a-ring-of-dwellings"), ("again", "a-ring-of-dwellings")):
        page.fill(f"input[name={name}]", value)
    page.locator("form button.btn-primary").last.click()
    page.wait_for_url("**/today/")
    page.close()


def _take(context: BrowserContext, url: str, size: dict[str, int], file: Path) -> None:
    page = context.new_page()
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(url)
    page.wait_for_load_state("networkidle")
    if url.endswith("/reports/"):  # the latest week
        page.locator("main a[href*='/reports/20']").first.click()
        page.wait_for_load_state("networkidle")
    expect(page.locator("main .jl-skeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(1_500)  # charts draw themselves
    page.screenshot(path=file)
    page.close()


if __name__ == "__main__":
    main()
