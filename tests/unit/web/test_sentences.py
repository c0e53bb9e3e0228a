"""What runs say in English is said in Chinese on a page in Chinese: every sentence, with its values as they were."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from playground.contracts.events import AnyEvent, Code, Diagnostic, Error, Status
from playground.contracts.measured import Benchmark, Verdict
from playground.contracts.request import Level
from playground.contracts.result import Result
from playground.contracts.sentences import NESTED, caused, say
from playground.contracts.snippet import SnippetRequest
from playground.dispatch.memory import MemoryDispatcher
from playground.measure import disturbance
from playground.pipeline import breaks
from playground.store import MemoryStore
from playground.store.base import Shareable
from playground.web import translation
from playground.web.i18n import TRANSLATIONS
from playground.web.sentences import MAX_CHARS
from playground.web.translation import CONTEXT, Translator, sentences
from tests.support.sentences import computed, templates, unsaid

ROOT = Path(__file__).parents[3]
ZH = "zh-Hans"
GAP = re.compile(r"\{(\w+)\}")
WHY = "it may be rebound on line {line}"
NOT_INLINED = "`f` is not inlined: it may be rebound on line 12"
CHINESE = "`f` 没有内联：它可能在第 12 行被重新绑定"
Client = Callable[..., FlaskClient]


def _catalogue() -> dict[str, str]:
    with (TRANSLATIONS / "zh_Hans/LC_MESSAGES/messages.po").open("rb") as opened:
        return {str(one.id): str(one.string) for one in read_po(opened) if one.context == CONTEXT}


CATALOGUE = _catalogue()
SENTENCES = sentences(ZH)


def _value(name: str) -> tuple[str, str]:
    """A value, and what becomes of it."""
    if name in NESTED:
        return say(WHY, line=3), CATALOGUE[WHY].format(line=3)
    return f"<{name}>", f"<{name}>"


@pytest.mark.parametrize("template", sorted(templates(ROOT)))
def test_a_sentence_comes_out_in_chinese_with_its_values(template: str) -> None:
    values = {name: _value(name) for name in GAP.findall(template)}
    made = say(template, **{name: given for name, (given, _) in values.items()})
    expected = CATALOGUE[template].format(**{name: shown for name, (_, shown) in values.items()})
    assert SENTENCES.translated(made) == expected


@pytest.mark.parametrize("template", sorted(templates(ROOT) - {"{error}: {why}"}))
def test_a_translation_is_chinese(template: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", CATALOGUE[template])


def test_every_template_can_be_read_in_the_source() -> None:
    assert computed(ROOT) == []


def test_nothing_is_told_that_was_not_said() -> None:
    assert list(unsaid(ROOT)) == ["no times to sum up"]  # our own mistake, which no reader sees


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOT_INLINED, CHINESE),
        (f"Line 3 of the program: {NOT_INLINED}", f"程序第 3 行：{CHINESE}"),
        ("`nothing` is not inlined: it is too long", "`nothing` 没有内联：它太长了"),
        (
            "It raises KeyError with exit code 3; the original ends.",
            "这次运行抛出 KeyError，退出码为 3；原程序正常结束。",
        ),
        (
            "Two runs of the original differ too:\nLine 1 of stdout is 'a; b' instead of nothing.",
            "原程序的两次运行也不相同：\nstdout 的第 1 行是 'a; b'，而不是 （空）。",
        ),
        (caused(OSError("it is 3")), "OSError: it is 3"),
        ("tensor 'x' rank mismatch. expected 1, actual 2", "张量 'x' 的维数不符：期望 1，实际 2"),
        ("LateError: The process ended with code 3.", "LateError: 进程以代码 3 结束。"),
        ("ValueError: nobody's; words", "ValueError: nobody's; words"),
        ("<b>`{x}` is not inlined</b>: {why}", "<b>`{x}` is not inlined</b>: {why}"),
        ("`{x}` is not inlined: <i>", "`{x}` 没有内联：<i>"),
        ("", ""),
    ],
)
def test_what_is_ours_is_translated_and_the_rest_is_left(text: str, expected: str) -> None:
    assert SENTENCES.translated(text) == expected


def test_what_was_seen_of_neighbours_is_translated_piece_by_piece() -> None:
    before = disturbance.Sight(0, 0, 0, 0, 3000, 0.5)
    after = disturbance.Sight(10**9, 3 * 10**8, 10, 200, 2000, None)
    said = SENTENCES.translated(disturbance.between(before, after) or "")
    assert said == "有 30% 的时间在等待处理器; 有 5% 的时间被其他虚拟机占用; 时钟频率从 3000 MHz 降到 2000 MHz"


def test_several_guards_are_translated_one_by_one() -> None:
    found = breaks.recompile("f", 6, 1, '["0/4: n == 8", "0/3: n == 7", "0/2: m", "0/1: k"]', {"n": 9})
    said = SENTENCES.translated(found.reason or "")
    assert said == "守卫 n == 8 不成立：n = 9; 守卫 n == 7 不成立：n = 9; 守卫 m 不成立（另有 1 条）"


@pytest.mark.parametrize(
    "text",
    [
        "Nothing is rewritten: " * 180,
        "; ".join(["ends"] * 900),
        "\n".join(["a; b; c: d"] * 400),
        "x: " * 1_300,
        " instead of ".join(["'Line 1 of stdout is "] * 100),
        "`" * MAX_CHARS,
        "\n" * MAX_CHARS,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.thread_time()
    SENTENCES.translated(text)
    SENTENCES.quoted(text)
    assert time.thread_time() - began < 0.5


def test_an_answer_that_takes_long_stays_english_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "ANSWER_S", 0.0)
    event = Diagnostic(kind="rewrite_refused", message=NOT_INLINED)
    assert _shown(event) == [event]


def test_the_snippets_own_words_stay_as_they_are() -> None:
    own = Error(error_type="ValueError", message="it is too long\nThere is no network in this sandbox.\nOSError: ends")
    (shown,) = _shown(own)
    assert shown.model_dump()["message"] == "it is too long\n这个沙箱没有网络。\nOSError: ends"


def test_every_field_that_holds_sentences_is_translated() -> None:
    diagnostic = Diagnostic(
        kind="fallback", message="Nothing was compiled.", reason="it is too long", hint="Remove the call."
    )
    said = Verdict(subject="rewritten", against="original", outcome="failed", message="The comparison was ended.")
    shown = [event.model_dump() for event in _shown(diagnostic, said)]
    assert [shown[0][name] for name in ("message", "reason", "hint")] == [
        "没有编译任何内容。",
        "它太长了",
        "去掉这个调用。",
    ]
    assert shown[1]["message"] == "比较被终止了。"


def test_what_holds_none_is_handed_on() -> None:
    code = Code(level=Level.PROGRAM, title="it is too long", language="python", text=NOT_INLINED)
    assert _shown(code)[0] is code


def _shown(*events: AnyEvent) -> list[AnyEvent]:
    translator = Translator(ZH)
    return [translator.event(event) for event in events]


# Where pages and programs are answered

RUN = {"source": "f()", "mode": "symbolic"}
SAID: tuple[Diagnostic, Benchmark] = (
    Diagnostic(kind="rewrite_refused", line=1, message=NOT_INLINED),
    Benchmark(
        path="compile",
        compile_ns=1,
        first_call_ns=1,
        median_ns=1,
        iqr_ns=1,
        runs=1,
        number_per_run=1,
        stable=False,
        disturbance="waited 3% of the time for a processor; load 0.5 on 2 processors",
    ),
)


def _ran() -> MemoryDispatcher:
    return MemoryDispatcher(lambda _: SAID)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize(("query", "said"), [("?lang=zh-Hans", CHINESE), ("?lang=en", NOT_INLINED), ("", NOT_INLINED)])
def test_the_api_says_it_in_the_language_asked_for(client_of: Client, accept: str, query: str, said: str) -> None:
    told = {"Accept": accept, "Accept-Language": "zh"}
    assert said in client_of(_ran()).post(f"/api/v1/runs{query}", json=RUN, headers=told).get_data(as_text=True)


def test_a_page_without_scripts_says_it_in_chinese(client_of: Client) -> None:
    page = client_of(_ran()).post("/?lang=zh-Hans", data=RUN, headers={"Sec-Fetch-Site": "same-origin"}).text
    assert CHINESE in page
    assert "有 3% 的时间在等待处理器; 负载 0.5，共 2 个处理器" in page


@pytest.mark.parametrize(("lang", "said"), [("zh-Hans", CHINESE), ("en", NOT_INLINED)])
def test_what_was_recorded_in_english_is_said_in_the_readers_language(
    client_of: Client, store: MemoryStore, lang: str, said: str
) -> None:
    asked = SnippetRequest.model_validate(RUN)
    shared = Shareable(**{name: getattr(asked, name) for name in Shareable.model_fields})
    recorded = Result(run_id="r" * 16, status=Status.OK, mode=asked.mode, device=asked.device, diagnostics=SAID[:1])
    snippet_id, _ = store.save(shared, recorded)
    assert said in client_of(_ran()).get(f"/s/{snippet_id}?lang={lang}").text
