"""The wire: OCPI objects as their parties send them, read into the values of `tariffs`. Versions end here."""

from tariffs.ocpi.decoding import Unusable, decode

__all__ = ["Unusable", "decode"]
