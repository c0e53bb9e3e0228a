"""Request in, result out over HTTP: the API, the page, every error.

What a module needs it is given by ``playground.app``; nothing here is global.
"""
