"""The walls around a snippet: what it may see, call and use, and who holds it.

``policy`` is the reviewed data; ``warden`` builds a sandbox's namespaces and its PID 1 (``init``); ``walls`` is what
the process that will run the snippet does to itself on the way in. Nothing here parses what a snippet wrote.
"""
