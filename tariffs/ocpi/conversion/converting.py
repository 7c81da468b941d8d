"""convert_cdr and convert_tariff: the steps from version to version, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tariffs.errors import TariffsError
from tariffs.findings import Finding, Severity
from tariffs.ocpi import v211, v221, v230
from tariffs.ocpi.conversion import cdr as cdrs
from tariffs.ocpi.conversion import tariff as tariffs
from tariffs.ocpi.conversion.losses import Losses
from tariffs.ocpi.decoding import Unusable
from tariffs.ocpi.reading import kind_of, printable
from tariffs.ocpi.versions import VERSIONS, detect_version, not_supported

TARGETS: Final = (v221.VERSION, v230.VERSION)
"""The versions that objects are converted to; nothing is ever made older than 2.2.1."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A decoded object in another version, with what was lost on the way; `value` is None where there is no object."""

    value: dict[str, Any] | None
    version: str
    """The version it was read as."""
    findings: tuple[Finding, ...] = ()

    @property
    def is_lossy(self) -> bool:
        """Whether anything was lost, assumed or cannot be said; notes (I) are none of these."""
        return any(f.severity is not Severity.INFORMATION for f in self.findings)


def convert_cdr(obj: object, *, to: str, version: str | None = None, owner: tuple[str, str] | None = None) -> Converted:
    """Convert a decoded CDR to another version of OCPI; never raises for bad data.

    `version` is the one its sender states, else it is detected. `owner` is country and party of the CPO, as the
    credentials say: a CDR of 2.1.1 names none, and its EVSE id does not always tell. Values that are not of their type
    stay as they are. Raises `TariffsError` where `to` is none of `TARGETS`.
    """
    spoken, losses, refused = _begin(obj, to, version)
    if refused is not None or not isinstance(obj, dict):
        return refused or Converted(None, spoken)
    if "kwh" in obj and "total_energy" not in obj:
        losses.refused("malformed-record", "$", "an OCPI Session; only CDRs and tariffs are converted")
        return Converted(None, spoken, tuple(losses.findings))
    made: Mapping[str, Any] = _plain(obj, "$", losses)
    if spoken == v211.VERSION:
        made = cdrs.from_211(made, owner, losses)
    if to == v230.VERSION and spoken != to:
        made = cdrs.to_230(made, losses, is_vat_open=spoken == v211.VERSION)
    elif to == v221.VERSION and spoken == v230.VERSION:
        made = cdrs.from_230(made, losses)
    return Converted(dict(made), spoken, tuple(losses.findings))


def convert_tariff(
    obj: object, *, to: str, version: str | None = None, owner: tuple[str, str] | None = None
) -> Converted:
    """Convert a decoded Tariff to another version of OCPI; as `convert_cdr`.

    One of 2.1.1 looks like one of 2.2.1: without `version` it is taken as that, and its VAT as none.
    """
    spoken, losses, refused = _begin(obj, to, version)
    if refused is not None or not isinstance(obj, dict):
        return refused or Converted(None, spoken)
    made: Mapping[str, Any] = _plain(obj, "$", losses)
    if spoken == v211.VERSION:
        made = tariffs.from_211(made, "$", owner, losses)
    if to == v230.VERSION and spoken != to:
        made = tariffs.to_230(made, "$", losses, is_vat_open=spoken == v211.VERSION)
    elif to == v221.VERSION and spoken == v230.VERSION:
        made = tariffs.from_230(made, "$", losses)
    return Converted(dict(made), spoken, tuple(losses.findings))


def _begin(obj: object, to: str, version: str | None) -> tuple[str, Losses, Converted | None]:
    if to not in TARGETS:
        raise TariffsError(f"nothing is converted to OCPI {to}, only to {' and '.join(TARGETS)}")
    spoken = version or detect_version(obj)
    losses = Losses(to)
    if spoken not in VERSIONS:
        return spoken, losses, Converted(None, spoken, (not_supported(spoken),))
    if not isinstance(obj, dict):
        losses.refused("malformed-record", "$", f"not an object but {kind_of(obj)}")
        return spoken, losses, Converted(None, spoken, tuple(losses.findings))
    return spoken, losses, None


def _plain(value: Any, path: str, losses: Losses) -> Any:  # noqa: ANN401  any JSON value
    """The value without what has no one meaning in JSON, such as NaN: null stands there, and it is said."""
    if isinstance(value, dict):
        return {key: _plain(inner, f"{path}.{printable(str(key))}", losses) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, f"{path}[{index}]", losses) for index, inner in enumerate(value)]
    if isinstance(value, Unusable):
        losses.refused("malformed-record", path, f"{value}; null stands there")
        return None
    return value
