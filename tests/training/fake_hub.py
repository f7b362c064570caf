"""A Hugging Face hub of a few folders on this machine, as huggingface_hub asks for it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def hub(models: Mapping[str, Mapping[str, Path]], gated: frozenset[str] = frozenset()) -> Iterator[str]:
    """Serves models while the context lasts; yields the address for HF_ENDPOINT.

    Args:
        models: owner/name → revision → folder. The first revision is that which "main" means.
        gated: models that ask for a token.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            parts = self.path.partition("?")[0].strip("/").split("/")
            api = parts[:2] == ["api", "models"]
            if api:
                parts = parts[2:]
            name, what, revision, rest = "/".join(parts[:2]), parts[2:3], "/".join(parts[3:4]), parts[4:]
            if name not in models:
                return self._refuse(401, "RepoNotFound")
            if name in gated:
                return self._refuse(403, "GatedRepo")
            folders = models[name]
            revision = next(iter(folders)) if revision in ("", "main") else revision
            if revision not in folders:
                return self._refuse(404, "RevisionNotFound")
            files = sorted(path for path in folders[revision].iterdir() if path.is_file())
            if api:
                listed = [{"rfilename": path.name} for path in files]
                tree = [{"type": "file", "path": p.name, "size": p.stat().st_size, "oid": "0"} for p in files]
                about = {"id": name, "sha": revision, "siblings": listed, "private": False, "tags": []}
                value = tree if what == ["tree"] and not rest else [] if what == ["tree"] else about
                return self._send(json.dumps(value).encode(), {"Content-Type": "application/json"}, body)
            file = folders[revision] / "/".join(rest)
            if what != ["resolve"] or not file.is_file():
                return self._refuse(404, "EntryNotFound", revision)
            data = file.read_bytes()
            tag = hashlib.sha256(data).hexdigest()
            return self._send(data, {"ETag": f'"{tag}"', "X-Repo-Commit": revision}, body)

        def _send(self, data: bytes, headers: dict[str, str], body: bool) -> None:
            self.send_response(200)
            for key, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(key, value)
            self.end_headers()
            if body:
                self.wfile.write(data)

        def _refuse(self, status: int, code: str, revision: str = "") -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            if revision:
                self.send_header("X-Repo-Commit", revision)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
