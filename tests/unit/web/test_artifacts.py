"""Files that snippets left are saved, never shown."""

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from playground.dispatch.memory import MemoryDispatcher

Client = Callable[..., FlaskClient]
TEN = {"source": "print(10)", "mode": "imperative"}


def test_a_file_is_sent_to_be_saved_under_its_name(client_of: Client, tmp_path: Path) -> None:
    kept = tmp_path / "0"
    kept.write_bytes(b"<script>")
    client = client_of(MemoryDispatcher(files={"folder/page.html": kept}))
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    answer = client.get(f"/api/v1/artifacts/{run_id}/folder/page.html")
    assert (answer.status_code, answer.data) == (200, b"<script>")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=page.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_a_file_that_is_no_longer_there_is_not_found(client_of: Client, tmp_path: Path) -> None:
    kept = tmp_path / "0"
    kept.write_bytes(b"x")
    dispatcher = MemoryDispatcher(files={"a": kept})
    client = client_of(dispatcher)
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    found = dispatcher.fetch(run_id, "a")
    kept.unlink()
    dispatcher.fetch = lambda *_: found  # type: ignore[method-assign]  # said by the runner just before it was removed
    assert client.get(f"/api/v1/artifacts/{run_id}/a").status_code == 404


def test_a_file_that_never_was_is_not_found(client: FlaskClient) -> None:
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    for path in (f"{run_id}/none", "none/none"):
        assert client.get(f"/api/v1/artifacts/{path}").status_code == 404
