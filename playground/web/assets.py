"""The built page and its templates: in a wheel beside the code, in a checkout where they are built."""

import gzip
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

PACKAGE = Path(__file__).resolve().parent.parent
A_YEAR_S = 31_536_000
WORTH_PACKING = ("text/", "application/javascript", "application/json", "image/svg+xml")
CONFIGURED_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
"""Said here: what the system's own table says differs from machine to machine."""


class MissingPartError(Exception):
    """Something that the application needs is not there; the text says how to get it."""


@dataclass(frozen=True)
class Assets:
    """Where templates are, and the built page with its names."""

    templates: Path
    dist: Path
    manifest: Mapping[str, str]

    def url(self, name: str) -> str:
        """Say where a part of the page is; its address changes with its content."""
        return f"/static/{self.manifest[name]}"


def find(package: Path = PACKAGE) -> Assets:
    """Find them.

    Raises:
        MissingPartError: the page has not been built.
    """
    shipped = package / "_assets"
    repository = package.parent
    if shipped.is_dir():
        return load(shipped / "templates", shipped / "dist")
    return load(repository / "templates", repository / "static" / "dist")


def load(templates: Path, dist: Path) -> Assets:
    """Load the names of the page's parts.

    Raises:
        MissingPartError: something is not there.
    """
    manifest = dist / "manifest.json"
    for needed in (templates / "index.html", manifest):
        if not needed.is_file():
            message = f"{needed} is missing: build the page with `make page`, or install the wheel."
            raise MissingPartError(message)
    return Assets(templates, dist, json.loads(manifest.read_text(encoding="utf-8")))


class Static:
    """Serves the built page, packed, to be kept for ever: a changed file has another name."""

    def __init__(self, assets: Assets) -> None:
        self._files = {path.name: path for path in assets.dist.iterdir() if path.name != "manifest.json"}
        self._read = cache(self._load)

    def add_to(self, app: Flask) -> None:
        """Route to it."""
        app.add_url_rule("/static/<name>", "static", self.serve)

    def serve(self, name: str) -> Response:
        """Serve one file."""
        if name not in self._files:
            raise NotFound
        plain, packed, mime = self._read(name)
        response = Response(plain, mimetype=mime, headers={"Vary": "Accept-Encoding"})
        if packed and request.accept_encodings.quality("gzip") > 0:
            response = Response(packed, mimetype=mime, headers={"Vary": "Accept-Encoding", "Content-Encoding": "gzip"})
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable"
        return response

    def _load(self, name: str) -> tuple[bytes, bytes | None, str]:
        path = self._files[name]
        data = path.read_bytes()
        mime = CONFIGURED_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return data, gzip.compress(data) if mime.startswith(WORTH_PACKING) else None, mime
