"""What a whole program must not do if any of it is to be rewritten: look at itself, or let strangers look.

A program that reads its own names, frames, code or objects' identities can see a rewriting that nothing else can see.
Such a program is left alone entirely. What is not kept, as nobody can: the line that a warning or a traceback names.
"""

import ast
import re
from collections.abc import Iterator

from playground.contracts.sentences import say
from playground.lowering.rewrite.model import Refusal
from playground.lowering.rewrite.scopes import Scopes

MAX_DEPTH = 80
MAX_NODES = 28_000
REFLECTION = frozenset(
    {
        *("exec", "eval", "compile", "globals", "locals", "vars", "dir", "__import__", "breakpoint", "help", "id"),
        *(
            "__builtins__",
            "__loader__",
            "__spec__",
            "__annotations__",
            "__doc__",
            "__dict__",
            "__package__",
            "__file__",
        ),
        "__cached__",
    }
)
TRUSTED = frozenset(
    {
        *("__future__", "abc", "array", "asyncio", "base64", "binascii", "bisect", "calendar", "cmath", "collections"),
        *("colorsys", "contextlib", "copy", "csv", "d2l", "dataclasses", "datetime", "decimal", "difflib", "enum"),
        *("errno", "fractions", "functools", "graphlib", "hashlib", "heapq", "hmac", "html", "io", "itertools", "json"),
        *("keyword", "math", "matplotlib", "numbers", "numpy", "operator", "os", "pathlib", "pprint", "random", "re"),
        *(
            "secrets",
            "shutil",
            "statistics",
            "string",
            "struct",
            "sys",
            "textwrap",
            "time",
            "torch",
            "torchvision",
            "typing",
        ),
        *("unicodedata", "urllib", "uuid", "zlib"),
    }
)
"""Modules that look at no names or frames of their callers, but for what is refused by name."""
SYS = frozenset(
    {
        *("argv", "byteorder", "exit", "float_info", "int_info", "maxsize", "platform", "stderr", "stdin", "stdout"),
        *("version", "version_info", "maxunicode"),
    }
)
DUNDERS = frozenset(
    {
        *(
            "__abs__",
            "__add__",
            "__aenter__",
            "__aexit__",
            "__aiter__",
            "__and__",
            "__anext__",
            "__await__",
            "__bool__",
        ),
        *("__bytes__", "__call__", "__ceil__", "__class__", "__class_getitem__", "__complex__", "__contains__"),
        *("__delattr__", "__delitem__", "__divmod__", "__enter__", "__eq__", "__exit__", "__float__", "__floor__"),
        *(
            "__floordiv__",
            "__format__",
            "__ge__",
            "__getattr__",
            "__getattribute__",
            "__getitem__",
            "__gt__",
            "__hash__",
        ),
        *("__iadd__", "__index__", "__init__", "__init_subclass__", "__int__", "__invert__", "__iter__", "__le__"),
        *("__len__", "__lshift__", "__lt__", "__main__", "__matmul__", "__missing__", "__mod__", "__mul__", "__name__"),
        *("__ne__", "__neg__", "__new__", "__next__", "__or__", "__pos__", "__post_init__", "__pow__", "__radd__"),
        *("__repr__", "__reversed__", "__rmul__", "__round__", "__rshift__", "__rsub__", "__set__", "__setattr__"),
        *("__setitem__", "__slots__", "__str__", "__sub__", "__truediv__", "__trunc__", "__version__", "__xor__"),
        *(
            "__get__",
            "__del__",
            "__match_args__",
            "__all__",
            "__debug__",
            "__isub__",
            "__imul__",
            "__cause__",
            "__or__",
        ),
        *("__rtruediv__", "__rfloordiv__", "__rmod__", "__rpow__", "__rand__", "__ror__", "__rxor__", "__set_name__"),
        *("__itruediv__", "__ifloordiv__", "__imod__", "__ipow__", "__iand__", "__ior__", "__ixor__", "__delete__"),
        *("__length_hint__", "__rmatmul__", "__imatmul__", "__rdivmod__", "__qualname__", "__future__"),
    }
)
BY_NAME = frozenset({"getattr", "setattr", "delattr", "hasattr"})
TAKES_NAMES = frozenset({"__getattribute__", "__setattr__", "__delattr__", "__getattr__"})
"""Methods that take an attribute's name; called on ``super()`` they are about the object at hand."""
HIDDEN = frozenset(
    {
        *("f_back", "f_code", "f_globals", "f_locals", "f_lineno", "tb_frame", "tb_lineno", "tb_next", "gi_frame"),
        *("gi_code", "cr_frame", "cr_code", "ag_frame", "ag_code", "cr_origin", "gi_yieldfrom", "cr_await", "ag_await"),
        *("with_traceback", "get_type_hints", "singledispatch", "singledispatchmethod", "getsource", "all_tasks"),
        *("current_task", "print_stack", "format_map", "vformat", "attrgetter", "methodcaller"),
        *("_getframe", "_current_frames", "_getframemodulename", "settrace", "setprofile", "getrefcount", "getsizeof"),
        *("setrecursionlimit", "getrecursionlimit", "exc_info", "getclosurevars", "currentframe"),
    }
)
STRANGERS = frozenset(
    {
        *(
            "sys",
            "_sys",
            "builtins",
            "gc",
            "inspect",
            "types",
            "importlib",
            "weakref",
            "_weakref",
            "traceback",
            "warnings",
        ),
        *("threading", "_thread", "ctypes", "pickle", "__main__"),
    }
)
"""Modules that can be reached through other modules, and are not to be."""
KNOWN = frozenset(
    {
        *(
            "Module",
            "FunctionDef",
            "AsyncFunctionDef",
            "ClassDef",
            "Return",
            "Delete",
            "Assign",
            "AugAssign",
            "AnnAssign",
        ),
        *(
            "For",
            "AsyncFor",
            "While",
            "If",
            "With",
            "AsyncWith",
            "Match",
            "Raise",
            "Try",
            "TryStar",
            "Assert",
            "Import",
        ),
        *("ImportFrom", "Global", "Nonlocal", "Expr", "Pass", "Break", "Continue", "BoolOp", "NamedExpr", "BinOp"),
        *("UnaryOp", "Lambda", "IfExp", "Dict", "Set", "ListComp", "SetComp", "DictComp", "GeneratorExp", "Await"),
        *("Yield", "YieldFrom", "Compare", "Call", "FormattedValue", "JoinedStr", "Constant", "Attribute", "Subscript"),
        *("Starred", "Name", "List", "Tuple", "Slice", "ExceptHandler", "arguments", "arg", "keyword", "alias"),
        "comprehension",
        *("withitem", "match_case", "MatchValue", "MatchSingleton", "MatchSequence", "MatchMapping", "MatchClass"),
        *("MatchStar", "MatchAs", "MatchOr", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"),
    }
)
"""The kinds of nodes of Python 3.11; what came later is left alone, with all around it."""
_WORD = re.compile(r"__\w+__|\b(?:" + "|".join(sorted(HIDDEN)) + r")\b")
_HINT = say("A rewriting could be seen by such a program, so all of it is left as it is.")
_SYS_RENAMED = say("`sys` under another name can see the program's frames")
Reason = tuple[int, str, str]


def refusal(nodes: list[ast.AST], scopes: Scopes) -> Refusal | None:
    """Why a program can't be rewritten at all, if so: the first reason."""
    found = sorted(_reasons(nodes, scopes))
    if not found:
        return None
    line, message, reason = found[0]
    return Refusal(line, say("Nothing is rewritten: {why}", why=message), reason, _HINT)


def _reasons(nodes: list[ast.AST], scopes: Scopes) -> Iterator[Reason]:
    yield from _of_builtins(scopes)
    bases = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    called = {id(node.func): node for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        if type(node).__name__ not in KNOWN or getattr(node, "type_params", None):
            why = say("it uses a newer part of the language, not known here")
            yield getattr(node, "lineno", 1), why, "new_syntax"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _of_import(node)
        elif isinstance(node, ast.Attribute):
            yield from _of_attribute(node)
        elif isinstance(node, ast.Name):
            yield from _of_name(node, called.get(id(node)), is_part=id(node) in bases)
        elif isinstance(node, ast.Compare):
            yield from _of_comparison(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _of_text(node, node.value)


def _of_builtins(scopes: Scopes) -> Iterator[Reason]:
    for scope in scopes.all():
        for name, reads in scope.reads.items():
            if name in REFLECTION and scopes.resolve(name, scope) is None:
                why = say("`{name}` can see the program's own names, code or objects", name=name)
                yield reads[0].lineno, why, "reflection"


def _of_import(node: ast.Import | ast.ImportFrom) -> Iterator[Reason]:
    modules = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or "."]
    for name in modules:
        if name.partition(".")[0] not in TRUSTED or (isinstance(node, ast.ImportFrom) and node.level):
            why = say("`{name}` may look at the program's own names and code", name=name)
            yield node.lineno, why, "unknown_module"
    for alias in node.names:
        words = {*alias.name.split("."), alias.asname}
        if alias.name == "*":
            yield node.lineno, say("`from {module} import *` may bind any name", module=modules[0]), "star_import"
        elif words & HIDDEN or (modules[0] == "sys" and isinstance(node, ast.ImportFrom) and alias.name not in SYS):
            why = say("`{name}` can see the program's own names or code", name=alias.name)
            yield node.lineno, why, "reflection"
        elif alias.name == "sys" and alias.asname:
            yield node.lineno, _SYS_RENAMED, "reflection"


def _of_attribute(node: ast.Attribute) -> Iterator[Reason]:
    of_sys = isinstance(node.value, ast.Name) and node.value.id == "sys" and node.attr not in SYS
    by_name = node.attr in TAKES_NAMES and not _is_super(node.value)
    if node.attr in HIDDEN | STRANGERS or (_is_dunder(node.attr) and node.attr not in DUNDERS) or of_sys or by_name:
        why = say("`.{name}` can see the program's own names, code or frames", name=node.attr)
        yield node.lineno, why, "reflection"
    elif node.attr == "format" and not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
        yield node.lineno, say("`.format` of a text that is not known here can read any attribute"), "reflection"


def _of_name(node: ast.Name, call: ast.Call | None, *, is_part: bool) -> Iterator[Reason]:
    if _is_dunder(node.id) and node.id not in DUNDERS:
        yield node.lineno, say("`{name}` belongs to the machinery that runs the program", name=node.id), "reflection"
    elif _is_private(node.id):
        yield node.lineno, say("`{name}` means another name inside a class", name=node.id), "private_name"
    elif node.id == "sys" and not is_part:
        yield node.lineno, _SYS_RENAMED, "reflection"
    elif node.id in BY_NAME:
        name = call.args[1] if call is not None and len(call.args) > 1 else None
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
            yield node.lineno, say("`{name}` takes a name that is not known here", name=node.id), "reflection"


def _of_comparison(node: ast.Compare) -> Iterator[Reason]:
    operands = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, operands, operands[1:], strict=False):
        if isinstance(operator, ast.Is | ast.IsNot) and not (_is_singleton(left) or _is_singleton(right)):
            word = "is" if isinstance(operator, ast.Is) else "is not"
            why = say("`{word}` asks which object a value is, and equal values may become one", word=word)
            yield node.lineno, why, "identity"


def _of_text(node: ast.Constant, text: str) -> Iterator[Reason]:
    """A text may name an attribute: for ``getattr``, for a format, in ``__slots__``."""
    found = next((word for word in _WORD.findall(text) if word not in DUNDERS and _is_whole_name(word, text)), None)
    if found is not None:
        why = say("a text names `{name}`, which belongs to the machinery of Python", name=found)
        yield node.lineno, why, "reflection"


def _is_whole_name(word: str, text: str) -> bool:
    """Whether a word may be meant as an attribute: a special name, a whole text, or what follows a full stop."""
    return _is_dunder(word) or word == text or f".{word}" in text


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args


def _is_singleton(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is ... or isinstance(node.value, bool))


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and len(name) > len("____")


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")
