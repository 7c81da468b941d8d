"""Exceptions of `tariffs`: the caller asked for the impossible. Bad *data* is a `Finding`, never an exception."""


class TariffsError(Exception):
    """Root of every exception raised by `tariffs`."""


class CurrencyMismatch(TariffsError):
    """Two amounts of different currencies met in one sum."""


class UnknownCurrency(TariffsError):
    """A code that ISO 4217 does not know, now or in the past."""
