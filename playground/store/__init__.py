"""Permalinks: what was shared, and the server's own records of runs. ``open_store`` gives the store of a database."""

from playground.store.base import Shareable, Store, Stored
from playground.store.memory import MemoryStore
from playground.store.migrate import upgrade
from playground.store.sql import SqlStore, open_store

__all__ = ["MemoryStore", "Shareable", "SqlStore", "Store", "Stored", "open_store", "upgrade"]
