"""What both sides deliver about one charge, and what the run must make of it: the unit of the truth."""

from dataclasses import dataclass, replace

from clearing.demo.json_text import Record
from clearing.demo.records import Telling, cdr_id, cpo_cdr, emsp_cdr, emsp_id, emsp_session
from clearing.demo.traffic import Charge, month_of
from clearing.demo.world import PROVIDERS, SEVERITY


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the six ends; None stands for an unknown party or currency."""

    cpo: str | None
    emsp: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A record of the CPO as delivered; `again` in the second file of the month."""

    record: Record
    again: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What one record of the CPO comes to: its end, energy and claim; `basis_e8` is billed where the end is billed.

    `computed_e8` is our own price, None where there is none to compare with the claim.
    """

    row: Row
    month: str
    end: str
    kwh_e4: int
    claim_e8: int | None
    basis_e8: int = 0
    computed_e8: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that the run must make; `side` is "both" when both records exist."""

    code: str
    row: Row
    side: str
    cpo_cdr_id: str | None
    emsp_cdr_id: str | None

    @property
    def severity(self) -> str:
        """Return the severity of the catalogue."""
        return SEVERITY[self.code]


@dataclass(frozen=True, slots=True)
class Story:
    """One charge: what is delivered, what becomes of it, and what is found. `plant` names what was planted."""

    charge: Charge
    cpo: tuple[Sent, ...]
    emsp: tuple[Record, ...]
    judged: tuple[Judged, ...]
    expected: tuple[Expected, ...] = ()
    plant: str = ""

    def with_end(self, end: str) -> "Story":
        """Return the story with all records in one end."""
        return replace(self, judged=tuple(replace(judged, end=end) for judged in self.judged))

    def finding(self, code: str, side: str = "both") -> "Story":
        """Return the story with one finding more, on the first record of each side."""
        charge = self.charge
        expected = Expected(
            code,
            self.judged[0].row if self.judged else row_of(charge),
            side,
            cdr_id(charge) if side != "emsp" else None,
            emsp_id(charge, delivers(charge)) if side != "cpo" else None,
        )
        return replace(self, expected=(*self.expected, expected))

    def with_cpo(self, **fields: object) -> "Story":
        """Return the story with fields of the CPO's first record replaced; None takes a field away."""
        first = replace(self.cpo[0], record=_changed(self.cpo[0].record, fields))
        return replace(self, cpo=(first, *self.cpo[1:]))

    def with_emsp(self, **fields: object) -> "Story":
        """Return the story with fields of the e-MSP's record replaced; None takes a field away."""
        return replace(self, emsp=tuple(_changed(record, fields) for record in self.emsp))


def _changed(record: Record, fields: dict[str, object]) -> Record:
    changed = {name: value for name, value in record.items() if fields.get(name, value) is not None}
    changed.update({name: value for name, value in fields.items() if value is not None})  # type: ignore[misc]
    return changed


def delivers(charge: Charge) -> str:
    """Return what the e-MSP of a charge delivers: `cdr` or `session`."""
    return PROVIDERS[charge.pair.emsp].delivers


def row_of(charge: Charge) -> Row:
    """Return the row of a charge between two known parties."""
    return Row(charge.pair.cpo, charge.pair.emsp, charge.price_list.currency)


def basis_e8(charge: Charge) -> int:
    """Return what the agreement bills of a clean charge, before rounding."""
    claimed, computed = charge.claim.excl_e8, charge.cost.total.excl_e8
    return {"claimed": claimed, "computed": computed, "lower": min(claimed, computed)}[charge.pair.basis]


def emsp_telling(charge: Charge, scale: int = 1) -> Telling:
    """Return how the e-MSP tells a charge: a few seconds and watt-hours apart; `scale` 0 for not at all."""
    start, end, energy = charge.jitter
    return Telling(start * scale, end * scale, energy * scale)


def emsp_record(charge: Charge, telling: Telling) -> Record:
    """Return the e-MSP's record of a charge."""
    return emsp_cdr(charge, telling) if delivers(charge) == "cdr" else emsp_session(charge, telling)


def clean(charge: Charge) -> Story:
    """Return a charge that both sides tell alike, within the tolerance; a silent e-MSP tells nothing."""
    judged = Judged(
        row_of(charge),
        month_of(charge),
        "billed",
        charge.energy_e4,
        charge.claim.excl_e8,
        basis_e8(charge),
        charge.cost.total.excl_e8,
    )
    emsp = () if charge.pair.silent else (emsp_record(charge, emsp_telling(charge)),)
    return Story(charge, (Sent(cpo_cdr(charge)),), emsp, (judged,))
