"""Highlighted code is the code, line by line, whole and harmless."""

import ast
import dis
import io
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contracts import events as ev
from playground.contracts.request import Level
from playground.views import highlight
from playground.views.highlight import CLASSES, LEXERS, HighlightedCode, Highlighter, lines
from playground.views.styles import CLASSES_OF, DARK, LIGHT, highlight_css

LANGUAGES = [*LEXERS, "text", "unheard of"]
PROGRAM = '''@decorated
class Net(nn.Module):
    """A text
    of two lines."""

    def forward(self, x: Tensor) -> Tensor:  # why
        return x + 1.5 if x is not None else "<b>&amp;</b>"
'''
GRAPH = """graph(%self : __torch__.Net,
      %x.1 : Float(1, 512)):
  %2 : int = prim::Constant[value=1]() # <snippet>:3:4
  %y : Tensor = aten::add(%x.1, %2)
  return (%y)
"""
TAG = re.compile(r"<(/?)(\w+)[^>]*>")
text_of_code = st.text(st.characters(exclude_categories=["Cs"])) | st.text(alphabet="\n\r\t '\"#\\ab0%<>&:()\x0c\u2028")


def plain(html: str) -> str:
    return unescape(TAG.sub("", html))


def shown(text: str) -> list[str]:
    """The lines of a text as the page counts them."""
    return text.replace("\r\n", "\n").replace("\r", " ").removesuffix("\n").split("\n")


@given(text=text_of_code, language=st.sampled_from(LANGUAGES))
def test_every_line_is_there_whole_and_as_it_was(text: str, language: str) -> None:
    found = lines(text, language)
    assert [plain(line) for line in found] == shown(text)
    for line in found:
        tags = TAG.findall(line)
        assert tags == [("", "span"), ("/", "span")] * (len(tags) // 2)


@given(text=text_of_code, language=st.sampled_from(LANGUAGES))
def test_nothing_in_a_program_becomes_markup(text: str, language: str) -> None:
    for line in lines(text, language):
        rest = re.sub(r'<span class="\w+">|</span>', "", line)
        assert "<" not in rest
        assert ">" not in rest


def classes(html: str) -> list[tuple[str, str]]:
    return [(name, unescape(text)) for name, text in re.findall(r'<span class="(\w+)">(.*?)</span>', html)]


def test_python_is_colored_over_several_lines() -> None:
    found = lines(PROGRAM, "python")
    assert ("nd", "@decorated") in classes(found[0])
    assert {("k", "class"), ("nc", "Net")} <= set(classes(found[1]))
    assert [name for name, _ in classes(found[2]) + classes(found[3])] == ["s", "s"]
    assert {("k", "def"), ("nf", "forward"), ("c", "# why")} <= set(classes(found[5]))
    assert {("m", "1.5"), ("k", "is"), ("s", '"<b>&amp;</b>"')} <= set(classes(found[6]))


def test_bytecode_is_colored() -> None:
    listing = io.StringIO()
    dis.dis(compile("def add(a, b):\n    return a + b\n", "<snippet>", "exec"), file=listing)
    found = classes("\n".join(lines(listing.getvalue(), "bytecode")))
    assert {("k", "LOAD_FAST"), ("k", "RETURN_VALUE"), ("s", "(a)")} <= set(found)
    assert any(name == "c" and text.startswith("Disassembly of") for name, text in found)


def test_graphs_are_colored() -> None:
    found = set(classes("\n".join(lines(GRAPH, "graph"))))
    assert {("k", "graph"), ("nv", "%x.1"), ("nf", "aten::add"), ("kt", "Tensor"), ("k", "return")} <= found
    assert ("c", "# <snippet>:3:4") in found


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("cpp", "#include <x>\nfor (int i = 0; i < 4; ++i) f(1.0f); // why", {("k", "for"), ("kt", "int")}),
        ("asm", "_main:\n\tmovl $1, %eax # why\n\tret", {("nl", "_main:"), ("nv", "%eax")}),
        ("ast", ast.dump(ast.parse("x = 1")), {("m", "1"), ("s", "'x'")}),
        ("torchscript", "def forward(self, x: Tensor) -> Tensor:\n  return x", {("k", "def"), ("k", "return")}),
    ],
)
def test_other_languages_are_colored(language: str, text: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= set(classes("\n".join(lines(text, language))))


def test_long_and_unknown_texts_stay_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines("if <x>:", "unheard of") == ("if &lt;x&gt;:",)
    monkeypatch.setattr(highlight, "MAX_CHARS", 3)
    assert lines("pass # <", "python") == ("pass # &lt;",)


@pytest.mark.parametrize("language", LEXERS)
@pytest.mark.parametrize("unit", ["\n", "\n \t", "(", "<", '"', "//", "/*", "a\\", "#if ", " "])
def test_texts_made_to_be_slow_stay_plain(language: str, unit: str) -> None:
    hostile = unit * 30_000
    assert lines(hostile[: highlight.MAX_CHARS], language) == highlight.plain(hostile[: highlight.MAX_CHARS])


@given(text=text_of_code, language=st.sampled_from(LANGUAGES))
def test_when_time_is_over_the_rest_is_plain(text: str, language: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlight, "TEXT_S", -1.0)
        assert lines.__wrapped__(text, language) == highlight.plain(text)


def test_when_the_time_of_an_answer_is_over_the_rest_of_it_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlight, "ANSWER_S", 0.0)
    code = ev.Code(level=Level.PROGRAM, title="t", language="python", text="if <x>:")
    assert Highlighter().code(code).html == ("if &lt;x&gt;:",)


def test_only_code_gets_html() -> None:
    code = ev.Code(id=7, level=Level.PROGRAM, title="t", language="python", text="x = 1\n", map=((1, 1, 1, 1),))
    with_html = Highlighter().event(code)
    assert isinstance(with_html, HighlightedCode)
    assert with_html.html == ('x = <span class="m">1</span>',)
    assert code.model_dump() == with_html.model_dump(exclude={"html"})
    printed = ev.Output(stream="stdout", text="x")
    assert Highlighter().event(printed) is printed


def test_every_class_has_a_color_in_both_themes() -> None:
    assert {name for names in CLASSES_OF.values() for name in names} == set(CLASSES.values())
    assert set(LIGHT) == set(DARK) == set(CLASSES_OF)
    css = highlight_css()
    assert css.count("{") == css.count("}")
    for role, color in (*LIGHT.items(), *DARK.items()):
        assert css.count(f"--hl-{role}: {color};") == 2


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("palette", "page"), [(LIGHT, "#ffffff"), (DARK, "#15171b")])
def test_every_color_can_be_read(palette: dict[str, str], page: str) -> None:
    for color in palette.values():
        dark, light = sorted((luminance(color), luminance(page)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5
