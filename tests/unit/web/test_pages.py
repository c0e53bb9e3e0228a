"""The page: empty, with an example, with what a link leads to, and with a result where no script runs."""

import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask.testing import FlaskClient

from playground.contracts import events as ev
from playground.contracts import measured
from playground.contracts.request import Compiler, Level, RunOptions, RunRequest
from playground.dispatch.memory import MemoryDispatcher, Said, ten
from playground.examples import examples

Client = Callable[..., FlaskClient]
TEN = {"source": "print(10)", "mode": "imperative"}
EVIL = "</script><script>alert(1)</script>"


def boot(text: str) -> dict[str, Any]:
    """What the page knows when it starts."""
    found = re.search(r'<script id="boot"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found.group(1))
    return read


def evil(request: RunRequest) -> Iterable[Said]:
    yield from ten(request)
    yield ev.Output(stream="stderr", text=EVIL)
    yield ev.Code(level=Level.PROGRAM, title=EVIL, language="python", text=EVIL)
    yield ev.Error(error_type="ValueError", message=EVIL, line=1)


def test_the_page_knows_what_there_is_to_choose_from(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    knows = boot(answer.text)
    assert knows["modes"] == ["imperative", "symbolic", "hybrid", "compare"]
    assert knows["devices"] == ["cpu"]
    assert knows["max_source_bytes"] == 65_536
    assert knows["environment"]["torch"] == "2"
    assert [limit["name"] for limit in knows["limits"]] == ["time"]
    assert {example["mode"] for example in knows["examples"]} >= {"imperative", "symbolic", "hybrid"}
    assert (knows["snippet"], knows["recorded"]) == (None, None)


def test_the_page_comes_even_when_no_runner_answers(client_of: Client) -> None:
    dispatcher = MemoryDispatcher()
    dispatcher.answers = False
    knows = boot(client_of(dispatcher).get("/").text)
    assert (knows["environment"], knows["limits"]) == (None, [])


def test_it_opens_with_the_first_example_or_the_one_asked_for(client: FlaskClient) -> None:
    assert "sum_of_four" in _written(client.get("/").text)
    assert "torch.jit.script" in _written(client.get("/?example=script").text)
    assert "sum_of_four" in _written(client.get("/?example=none").text)


def _written(text: str) -> str:
    found = re.search(r'<textarea id="source".*?</textarea>', text, re.DOTALL)
    assert found
    return found.group()


def test_a_form_runs_the_program_and_shows_the_result(client: FlaskClient, dispatcher: MemoryDispatcher) -> None:
    form = {"source": "a = 1\r\nprint(10)\r\n", "mode": "hybrid", "device": "cpu", "stdin": "", "threads": "2"}
    answer = client.post(
        "/", data={**form, "compilers": ["script", "trace"]}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 200
    assert "<pre>10\n</pre>" in answer.text
    asked = dispatcher.runs["run1"].request
    assert asked.source == "a = 1\nprint(10)\n"
    assert (asked.mode, asked.stdin, asked.options.threads) == ("hybrid", None, 2)
    assert asked.options.compilers == ("script", "trace")
    assert re.search(r'value="hybrid" checked', answer.text)
    assert re.search(r'value="trace" checked', answer.text)


OPTIONS = {
    "target": "net",
    "inputs": "(x,)",
    "compilers": "trace",
    "timeout_s": "2.5",
    "threads": "2",
    "min_run_ms": "50",
    "backend": "inductor",
    "compile_mode": "max-autotune",
    "dynamic": "false",
    "fullgraph": "true",
    "strict": "true",
    "sweep": "batch=1,8; width=2**4..2**6",
    "profile": "true",
}


def test_every_option_is_a_field_that_is_taken_and_given_back(
    client: FlaskClient, dispatcher: MemoryDispatcher
) -> None:
    assert set(OPTIONS) | {"levels"} == set(RunOptions.model_fields)
    answer = client.post("/", data={**TEN, "mode": "compare", **OPTIONS})
    asked = dispatcher.runs["run1"].request.options.model_dump(mode="json", exclude_none=True)
    assert {name: str(value).lower() for name, value in asked.items()} == OPTIONS | {"compilers": "['trace']"}
    again = client.post("/", data={**TEN, "mode": "compare", **_filled(answer.text)})
    assert again.status_code == 200
    assert dispatcher.runs["run2"].request == dispatcher.runs["run1"].request


def _filled(page: str) -> dict[str, str]:
    """What the form's options would send."""
    found = re.findall(r'<input type="(?:text|number)" name="(\w+)"[^>]*value="([^"]*)"', page)
    found += re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked>', page)
    for name, choices in re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.DOTALL):
        found += [(name, value) for value in re.findall(r'value="([^"]*)" selected', choices)]
    return {name: html.unescape(value) for name, value in found if name in OPTIONS}


def test_there_is_a_box_for_every_compiler(client: FlaskClient) -> None:
    boxes = re.findall(r'name="compilers" value="(\w+)"', client.get("/").text)
    assert boxes == [compiler.value for compiler in Compiler]


def test_what_is_wrong_with_an_option_is_said_at_its_field(client: FlaskClient) -> None:
    answer = client.post("/", data={**TEN, "sweep": "batch"})
    said = re.search(r'id="wrong-sweep">(.*?)</span>', answer.text)
    assert said
    assert "gives batch no values" in said.group(1)
    assert re.search(r'id="wrong-target"></span>', answer.text)


def test_a_wrong_field_is_said_and_nothing_is_lost(client: FlaskClient) -> None:
    answer = client.post("/", data={"source": "print(10)", "mode": "imperative", "target": "1 +"})
    assert answer.status_code == 422
    assert "options.target" in answer.text
    assert "print(10)" in _written(answer.text)


def test_a_full_house_is_said_and_nothing_is_lost(client_of: Client) -> None:
    answer = client_of(MemoryDispatcher(capacity=0)).post("/", data=TEN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "print(10)" in _written(answer.text)


def compared(request: RunRequest) -> Iterable[Said]:
    yield from ten(request)
    for path, median_ns, pays in (("eager", 44_000, 0), ("script", 35_200, 4_900), ("compile", 91_000, None)):
        yield measured.Verdict(subject=path, against="eager", outcome="same")
        yield measured.Benchmark(
            path=path,
            compile_ns=12_000_000,
            first_call_ns=41_000_000,
            median_ns=median_ns,
            iqr_ns=800,
            runs=40,
            number_per_run=500,
            interval_ns=(median_ns, median_ns),
            stable=path != "compile",
            break_even_calls=pays,
            disturbance="12% stolen" if path == "compile" else None,
        )
    yield measured.Verdict(
        subject="script", against="eager", outcome="differs", check="perturbed", line=3, message="no"
    )


def test_a_comparison_is_a_table_where_no_script_runs(client_of: Client) -> None:
    answer = client_of(MemoryDispatcher(compared)).post("/", data={**TEN, "mode": "compare"})
    rows = [
        re.sub(r"<[^>]+>|\s+", " ", row).split()
        for row in re.findall(r"<tr><th scope=.row.*?</tr>", answer.text, re.DOTALL)
    ]
    said = [" ".join(cell for cell in row if cell.isascii() or cell in {"µs", "±", "⚠"}) for row in rows]
    assert "script 35.2 µs ± 400 ns 35.2 µs 35.2 µs 4,900 calls 12.0 ms 41.0 ms steady" in said
    assert "torch.compile 91.0 µs ± 400 ns 91.0 µs 91.0 µs never 12.0 ms 41.0 ms ⚠ unsteady (12% stolen)" in said
    assert "script perturbed inputs differs line 3 no" in said


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://play.example"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(client_of: Client, headers: dict[str, str], status: int) -> None:
    client = client_of(MemoryDispatcher(), public_url="https://play.example")
    assert client.post("/", data=TEN, headers=headers).status_code == status


def test_nothing_of_a_program_becomes_a_part_of_the_page(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(evil))
    answer = client.post("/", data={"source": EVIL, "mode": "imperative"})
    assert EVIL not in answer.text
    run_id = client.post("/api/v1/runs", json={"source": EVIL, "mode": "imperative"}).get_json()["run_id"]
    shared = client.post("/api/v1/snippets", json={"source": EVIL, "mode": "imperative", "run_id": run_id})
    text = client.get(shared.get_json()["url"]).text
    assert EVIL not in text
    assert boot(text)["snippet"]["source"] == EVIL


def test_a_link_shows_its_program_and_its_recorded_run_without_running(
    client: FlaskClient, dispatcher: MemoryDispatcher
) -> None:
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    link = client.post("/api/v1/snippets", json={**TEN, "layout": {"tab": "code"}, "run_id": run_id}).get_json()
    ran = dispatcher.asked.total()
    answer = client.get(link["url"])
    knows = boot(answer.text)
    assert knows["snippet"]["id"] == link["id"]
    assert knows["snippet"]["layout"] == {"tab": "code"}
    assert knows["recorded"]["output"] == [{"stream": "stdout", "text": "10\n"}]
    assert "<pre>10\n</pre>" in answer.text
    assert dispatcher.asked.total() == ran


def test_a_link_gives_its_source_as_plain_text(client: FlaskClient) -> None:
    link = client.post("/api/v1/snippets", json={**TEN, "source": "print('中文')"}).get_json()
    answer = client.get(f"/s/{link['id']}/raw")
    assert (answer.content_type, answer.text) == ("text/plain; charset=utf-8", "print('中文')")


def test_a_page_is_not_kept_by_caches(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert {"Accept-Language", "Cookie"} <= set(headers["Vary"].split(", "))


def test_every_built_in_snippet_is_titled_in_every_language() -> None:
    assert len(examples()) >= 4
    for example in examples():
        assert set(example.titles) == {"en", "zh-Hans"}
        compile(example.source, example.slug, "exec")


def test_the_limits_are_shown_with_what_holds_them(client: FlaskClient) -> None:
    answer = client.get("/limits")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "<td>20 s</td><td>the runner&#39;s clock</td>" in answer.text
    assert "unconfined" in answer.text


def test_the_limits_say_so_when_no_runner_answers(client_of: Client) -> None:
    dispatcher = MemoryDispatcher()
    dispatcher.answers = False
    assert "No device answers" in client_of(dispatcher).get("/limits").text
