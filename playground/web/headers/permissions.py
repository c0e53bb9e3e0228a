"""Permissions-Policy: the page asks for nothing but the clipboard, to copy."""

_NEVER = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

HEADERS = (("Permissions-Policy", ", ".join([*(f"{name}=()" for name in _NEVER), "clipboard-write=(self)"])),)
