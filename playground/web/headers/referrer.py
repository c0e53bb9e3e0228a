"""Referrer-Policy: a link's address is nobody else's business.

Not ``no-referrer``: with that a browser sends our own forms as from origin ``null``, which ``origin`` refuses.
"""

HEADERS = (("Referrer-Policy", "same-origin"),)
