"""In which language: as the address says, else as was chosen before, else as the browser prefers."""

from pathlib import Path

from flask import Flask, Response, request
from flask_babel import Babel

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
TRANSLATIONS = Path(__file__).with_name("translations")
COOKIE = "lang"
A_YEAR_S = 31_536_000


def language() -> str:
    """Say the language of this answer."""
    wanted = (request.args.get("lang"), request.cookies.get(COOKIE), *request.accept_languages.values())
    return next((found for tag in wanted if (found := match(tag))), "en")


def match(tag: str | None) -> str | None:
    """Find our language for a tag: ``zh``, ``zh_CN`` and ``zh-Hant-TW`` are all read in the one Chinese there is."""
    main = (tag or "").replace("_", "-").split("-")[0].lower()
    return {"en": "en", "zh": "zh-Hans"}.get(main)


def speak(app: Flask) -> None:
    """Let templates speak it."""
    Babel(app, locale_selector=lambda: language().replace("-", "_"), default_translation_directories=str(TRANSLATIONS))


def remember(response: Response) -> Response:
    """Keep a choice that the address makes, and let no cache give it to others."""
    if chosen := match(request.args.get("lang")):
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR_S, samesite="Lax", secure=request.is_secure, httponly=True)
    response.vary.update(("Accept-Language", "Cookie"))
    return response
