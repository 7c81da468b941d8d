"""The versions of the database, and the way from each to the next; they run when a book is opened."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from clearing.errors import Refused
from clearing.store import sqlite

LATEST = "0001"
"""The version that `schema.py` describes; a test holds it against the files in `versions/`."""

_VERSION_TABLE = "alembic_version"


def migrate(connection: Connection, path: Path) -> None:
    """Bring a database to the latest version, all of it or nothing; raise Refused for one of a later evclear."""
    with sqlite.transaction(connection, writing=False) as db:
        if _version(db) == LATEST:
            return
    with sqlite.transaction(connection, writing=True) as db:
        version = _version(db)
        if version is not None and version > LATEST:
            raise Refused(f"{path} was written by a later evclear (version {version}); install that one")
        if version != LATEST:
            _upgrade(db)


def _version(db: Connection) -> str | None:
    if not inspect(db).has_table(_VERSION_TABLE):
        return None
    found = db.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def _upgrade(db: Connection) -> None:
    # Imported here: it takes longer than everything else, and a book is migrated once.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, "head")
