"""Ids of links: the same content has the same id, on every server.

Base58 has no look-alikes (0O, Il) and no punctuation that a mail program would take for the end of an address.
"""

import hashlib
import json
from collections.abc import Iterator

from playground.contracts.result import Result
from playground.store.base import Shareable

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SHORTEST = 11
"""58 ** 11 is 2 ** 64: two of a billion links meet with a chance of 3 in 100, and then the later one is longer."""


def canonical(snippet: Shareable, recorded: Result | None = None) -> str:
    """Write what is shared in the one way it can be written. What is not set is left out: fields may be added later."""
    content = snippet.model_dump(mode="json", exclude_none=True)
    if recorded:
        content["run_id"] = recorded.run_id
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Hash a text, in base58."""
    hashed = hashlib.sha256(text.encode()).digest()
    number = int.from_bytes(hashed, "big")
    digits: list[str] = []
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    zeros = len(hashed) - len(hashed.lstrip(b"\0"))
    return ALPHABET[0] * zeros + "".join(reversed(digits))


def candidates(of: str) -> Iterator[str]:
    """Give the prefixes of a digest that may be its id, shortest first."""
    return (of[:length] for length in range(SHORTEST, len(of) + 1))
