"""Exceptions of `tariffs`: the caller asked for the impossible. Bad *data* is a `Finding`, never an exception."""


class TariffsError(Exception):
    """Root of every exception raised by `tariffs`."""


class CurrencyMismatch(TariffsError):
    """Two amounts of different currencies met in one sum."""


class UnknownCurrency(TariffsError):
    """A code that ISO 4217 does not know, now or in the past."""


class UnknownTimeZone(TariffsError):
    """A name that the IANA time zone data does not have, stated by the caller."""


class NotJson(TariffsError, ValueError):
    """Bytes that are not one JSON text; `position` is the offending byte, counted from 0, where it is known."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position
