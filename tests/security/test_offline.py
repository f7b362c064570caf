"""Reading a text opens no connection, and writes nothing but what it is told to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "وصل فلاديمير بوتين إلى أستانا أمس."
READ = f"""
import arner
document = arner.extract({TEXT!r}, date="2024-11-27")
assert document.mentions
arner.explain({TEXT!r})
document.to_json(), document.to_conll(), document.to_html()
"""


def environment(home: Path) -> dict[str, str]:
    """That of a user who has set nothing, with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG", "VIRTUAL_ENV")}
    return {**kept, "HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "tmp").mkdir(parents=True)
    return tmp_path / "home"


def test_nothing_is_left_in_the_home_of_the_user(home: Path) -> None:
    """Telemetry keeps a store there, caches too."""
    subprocess.run([sys.executable, "-c", READ], check=True, env=environment(home), cwd=home)
    assert [path for path in home.rglob("*") if path != home / "tmp"] == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_sees_no_socket_and_no_file_written(home: Path, tmp_path: Path) -> None:
    """Native code too, which Python's audit hooks do not see."""
    log = tmp_path / "log"
    watched = "network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,execve"
    command = ["strace", "-f", "-e", f"trace={watched}", "-o", str(log), sys.executable, "-c", READ]
    subprocess.run(command, check=True, env=environment(home), cwd=home, capture_output=True)
    calls = [re.sub(r"^\d+ +", "", line) for line in log.read_text("utf-8", "replace").splitlines()]
    writing = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^creat|^mkdir|^rename|^unlink")
    allowed = re.compile(r'"/dev/(null|tty|shm/)|"/proc/self/')
    assert [call for call in calls if writing.search(call) and not allowed.search(call)] == []
    assert [call for call in calls if re.match(r"socket|connect|sendto|sendmsg|bind", call)] == []
    assert sum(call.startswith("execve(") for call in calls) == 1


def test_a_choice_of_the_user_is_kept() -> None:
    code = "import os, arner.ner.quiet_onnxruntime; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    for given, expected in (({}, "1"), ({"ORT_DISABLE_TELEMETRY": "1"}, "1"), ({"ORT_DISABLE_TELEMETRY": "no"}, "no")):
        env = {**{k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}, **given}
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8", env=env)
        assert done.stdout.strip() == expected
