"""Known weaknesses of the packages that constraints.txt pins, as pip-audit learns them from PyPI; see scripts/audit.

pip-audit passes over a package of which it learns nothing, and says that all is well. Here a package that was passed
over is one that was not asked about, and the answer is not "none known". One package is asked about first, so that a
service out of reach is not asked two hundred times.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
KNOWN: Final = 1
NOT_ASKED: Final = 3


def main() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[:1].isalnum()]
    sys.exit(verdict(asked(pins) or []) if within_reach(pins) else NOT_ASKED)


def within_reach(pins: list[str]) -> bool:
    """Whether the service tells of a package that it surely has; prints why not."""
    answer = asked([pin for pin in pins if pin.startswith("numpy==")])
    return answer is not None and verdict(answer, quiet=True) != NOT_ASKED


def asked(pins: list[str]) -> list[dict[str, Any]] | None:
    """What pip-audit learns of each pinned package; None, and the reason printed, where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pins.txt"
        path.write_text("".join(pin + "\n" for pin in pins), "utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(path), "--no-deps", "--disable-pip", "--format", "json"]
        done = subprocess.run(
            [*command, "--progress-spinner", "off"], capture_output=True, encoding="utf-8", check=False
        )
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"audit: pip-audit gave no answer: {reason}", file=sys.stderr)
        return None
    return found


def verdict(packages: list[dict[str, Any]], *, quiet: bool = False) -> int:
    """The exit code; prints each weakness, and how many packages were passed over.

    >>> verdict([{"name": "a", "version": "1", "vulns": []}])
    audit: 1 packages, no known weakness
    0
    """
    weak = [(package, weakness) for package in packages for weakness in package.get("vulns", ())]
    for package, weakness in () if quiet else weak:
        mended = ", ".join(weakness.get("fix_versions", ())) or "no version"
        print(f"audit: {package['name']} {package['version']}: {weakness['id']}, mended in {mended}")
    if weak:
        return KNOWN
    skipped = [package for package in packages if "skip_reason" in package]
    if skipped or not packages:
        print(
            f"audit: nothing could be learnt of {len(skipped)} of {len(packages)} packages "
            f"(the first: {skipped[0]['skip_reason'] if skipped else 'none is pinned'}). "
            "Is https://pypi.org/pypi/NAME/VERSION/json within reach?",
            file=sys.stderr,
        )
        return NOT_ASKED
    if not quiet:
        print(f"audit: {len(packages)} packages, no known weakness")
    return 0


if __name__ == "__main__":
    main()
