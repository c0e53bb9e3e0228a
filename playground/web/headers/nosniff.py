"""X-Content-Type-Options: a file that a snippet left is what we say it is, never guessed to be a page."""

HEADERS = (("X-Content-Type-Options", "nosniff"),)
