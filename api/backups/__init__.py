"""Backups: a dump of the database and the media beside it, each hashed, and the way back.

A backup folder holds one folder for each backup (`database.dump`, `manifest.json`), the media of all of them
(`media/`, by content and so never twice), and `erased.jsonl`: what was erased for good, so that a restored older dump
forgets it again.
"""

from api.backups.manifest import Manifest, NoBackup, newest, read
from api.backups.restoring import Restored, restore, verify
from api.backups.writing import BackupFailed, write

__all__ = ["BackupFailed", "Manifest", "NoBackup", "Restored", "newest", "read", "restore", "verify", "write"]
