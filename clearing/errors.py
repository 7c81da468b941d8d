"""Exceptions of `clearing`: the caller asked for the impossible, nothing is half done. Bad data is a finding instead.

Each message names the place, what was expected, what was found and what to do.
"""


class ClearingError(Exception):
    """Root of every exception raised by `clearing`; `exit_code` is what the command line ends with (contract, 1)."""

    exit_code = 1


class Refused(ClearingError):
    """An input cannot be used: a missing file, an unusable evclear.toml, a gap at posting, a month out of order."""

    exit_code = 4


class BookLocked(ClearingError):
    """Another run holds the lock of the book."""

    exit_code = 5


class IntegrityFailure(ClearingError):
    """Something stored is not what was stored: a changed evidence file, a ledger that does not sum to zero."""

    exit_code = 6
