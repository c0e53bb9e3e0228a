"""X-Frame-Options: says to older browsers what ``frame-ancestors`` says in the policy of content."""

HEADERS = (("X-Frame-Options", "DENY"),)
