"""Records of posted months that an open record may refer to, found by index however long the history is.

`CROSS JOIN` states the order of the walk: from the few open records to their kin, never through all the history.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from clearing.store import rows
from clearing.store.values import SettledCharge

_DAY_US = 86_400_000_000

_SAME_SIDE = "kin.side = own.side"
_OTHER_SIDE = "kin.side <> own.side"
_WITHIN_A_DAY = f"kin.start_us BETWEEN own.start_us - {_DAY_US} AND own.start_us + {_DAY_US}"

_KINSHIPS = (
    # The same record again, or another content under its id.
    f"{_SAME_SIDE} AND kin.id_key = own.id_key AND (kin.cpo = own.cpo OR kin.cpo IS NULL AND own.cpo IS NULL)",
    # A credit's original, an original's credits, another credit of the same original.
    f"{_SAME_SIDE} AND kin.id_key = own.credit_key",
    f"{_SAME_SIDE} AND kin.credit_key = own.id_key",
    f"{_SAME_SIDE} AND kin.credit_key = own.credit_key",
    # The other side's record of the same charge, by one of its ids; a Session's id is the CDR's session_id.
    f"{_OTHER_SIDE} AND kin.id_key = own.id_key",
    f"{_OTHER_SIDE} AND kin.session_key = own.session_key",
    f"{_OTHER_SIDE} AND kin.id_key = own.session_key",
    f"{_OTHER_SIDE} AND kin.session_key = own.id_key",
    f"{_OTHER_SIDE} AND kin.authorization_key = own.authorization_key",
    # A charge at the same EVSE within a day, of either side: its partner without ids, or a probable duplicate.
    f"kin.evse_uid_key = own.evse_uid_key AND {_WITHIN_A_DAY}",
    f"kin.evse_id_key = own.evse_id_key AND {_WITHIN_A_DAY}",
)

_WALK = (
    "SELECT kin.number FROM open_charge CROSS JOIN charge AS own CROSS JOIN charge AS kin CROSS JOIN charge_end "
    "WHERE own.number = open_charge.record AND charge_end.record = kin.number AND "
)
_OF_OPEN_RECORDS = " UNION ".join(
    _WALK + kinship
    for kinship in _KINSHIPS
)

_RELATED = f"""
WITH kin (number) AS ({_OF_OPEN_RECORDS}),
chosen (number) AS (
    SELECT number FROM kin
    UNION SELECT charge_end.partner FROM kin CROSS JOIN charge_end
        WHERE charge_end.record = kin.number AND charge_end.partner IS NOT NULL
)
SELECT charge.*, file.sha256, charge_end.record, charge_end.month, charge_end."end", charge_end.billed,
    charge_end.document, charge_end.document_date, charge_end.partner
FROM chosen CROSS JOIN charge CROSS JOIN file CROSS JOIN charge_end
WHERE charge.number = chosen.number AND file.number = charge.file AND charge_end.record = charge.number
ORDER BY charge.side, file.path, charge."offset", charge.number
"""  # noqa: S608 - constants


def settled_related(db: Connection) -> Iterator[SettledCharge]:
    """Give out the records of posted months that an open record may refer to, by side, path and position."""
    for row in db.execute(text(_RELATED)):
        yield rows.settled_of(row)


def query_plan(db: Connection) -> list[str]:
    """Return how the database walks, for the test that it never walks the history."""
    return [str(row.detail) for row in db.execute(text("EXPLAIN QUERY PLAN " + _RELATED))]
