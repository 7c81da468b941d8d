"""The ladder of exact keys and the fuzzy pass (contract, section 3.13; ARCHITECTURE, fuzzy pairs)."""

import random
from itertools import permutations

import pytest
from building import MALFORMED, Month, at, cpo, emsp, session

from clearing.reconciliation.pairing import (
    EXACT_RUNGS,
    ID_RUNGS,
    Pairing,
    climb,
    contract_key,
    folded,
    likeness,
    pair_fuzzily,
    skew_of,
)
from clearing.records import ChargeRecord

FAR = {"start": "9T08:00", "end": "9T09:00", "evse_uid": "EVSE9", "contract_id": "NLXYZC00000009", "token_uid": "TOK9"}
"""Another charge in every respect that the fuzzy pass looks at."""


def pair(ours: list[ChargeRecord], theirs: list[ChargeRecord]) -> str:
    """Return who is paired by the whole ladder: `C1=E1`, and `C1?` for an ambiguous one."""
    pairing = Pairing()
    climb((*ID_RUNGS, *EXACT_RUNGS), ours, theirs, pairing)
    pair_fuzzily(ours, theirs, pairing)
    found = [f"{o.id}={pairing.partner[o.number].id}" for o in ours if o.number in pairing.partner]
    found += [f"{o.id}?" for o in ours if o.number in pairing.ambiguous]
    assert len(pairing.used) == len(pairing.partner)
    return " ".join(sorted(found))


NOBODY = {"contract_id": None, "token_uid": None}
RUNGS = [
    pytest.param([cpo("C1")], [emsp("c1", **FAR)], "C1=c1", id="CDR id, any case"),
    pytest.param([cpo("C1", session_id="S")], [emsp("E1", session_id="s", **FAR)], "C1=E1", id="session id"),
    pytest.param([cpo("C1", session_id="S")], [session("S", **FAR)], "C1=S", id="a Session pairs by its own id"),
    pytest.param([cpo("S")], [session("S", **FAR)], "", id="a Session's id is no CDR id"),
    pytest.param([cpo("C1", authorization_reference="A")], [emsp("E1", authorization_reference="a", **FAR)], "C1=E1",
                 id="authorization reference"),
    pytest.param([cpo("C1", evse_uid="DE*ABC*E1", energy_kwh="99", claimed="44", end="5T20:00")],
                 [emsp("E1", evse_uid="de-abc-e1")], "C1=E1", id="contract, EVSE and start"),
    pytest.param([cpo("C1", contract_id="NL-XYZ-C00000001-3", energy_kwh="99", end="5T20:00")],
                 [emsp("E1", contract_id="nlxyzC00000001")], "C1=E1", id="contract without check digit"),
    pytest.param([cpo("C1", contract_id=None, energy_kwh="99", end="5T20:00")], [emsp("E1", contract_id=None)],
                 "C1=E1", id="token, EVSE and start"),
    pytest.param([cpo("C1", energy_kwh="99", end="5T20:00", claimed="44")], [emsp("E1", start="5T08:01")], "",
                 id="another second is no exact key"),
    pytest.param([cpo("C1", evse_id="DE*ABC*E7", evse_uid=None, energy_kwh="99", end="5T20:00")],
                 [emsp("E1", evse_id="DEABCE7", evse_uid="7")], "C1=E1", id="EVSE by its other name"),
    pytest.param([cpo("C1", session_id="S")], [emsp("E1", session_id="S"), emsp("E2", session_id="S", **FAR)], "C1=E1",
                 id="not unique: the next rung decides"),
    pytest.param([cpo("C1"), cpo("C2", session_id="S", **FAR)], [emsp("C1", session_id="S", **FAR)], "C1=C1",
                 id="a higher rung comes first, each is used once"),
    pytest.param([cpo("C1", session_id="S"), cpo("C2", session_id="S", start="7T08:00", end="7T09:00")],
                 [session("S", start="7T08:00", end="7T09:00")], "C2=S", id="not unique among ours"),
    pytest.param([cpo("C1", id="C1", problems=MALFORMED)], [emsp("C1")], "C1=C1", id="a malformed one by its id"),
    pytest.param([cpo("C1", problems=MALFORMED)], [emsp("E1")], "", id="a malformed one by nothing else"),
    pytest.param([cpo("C1", start=None, end=None, **NOBODY)], [emsp("E1")], "", id="without times nothing fits"),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "pairs"), RUNGS)
def test_the_ladder(ours: list[ChargeRecord], theirs: list[ChargeRecord], pairs: str) -> None:
    assert pair(ours, theirs) == pairs


NEAR = {"start": "5T08:00:30", "end": "5T09:00:30"}
FUZZY = [
    pytest.param({"start": "5T08:01", "end": "5T09:01"}, "C1=E1", id="a minute later"),
    pytest.param({"start": "5T08:05", "end": "5T09:05"}, "C1=E1", id="five minutes later"),
    pytest.param({"start": "5T08:09", "end": "5T09:09"}, "", id="nine minutes later"),
    pytest.param({"start": "5T09:00", "end": "5T10:00"}, "C1=E1", id="an hour off, and nothing else: clock skew"),
    pytest.param({"start": "5T07:00:20", "end": "5T08:00:20", "energy_kwh": "10.05"}, "C1=E1", id="skew about"),
    pytest.param({"start": "5T09:00", "end": "5T11:00"}, "", id="an hour off and longer"),
    pytest.param(NEAR | {"energy_kwh": "10.2"}, "C1=E1", id="a little more energy"),
    pytest.param(NEAR | {"energy_kwh": "15"}, "", id="much more energy"),
    pytest.param(NEAR | {"evse_uid": "X"}, "C1=E1", id="another EVSE, same person"),
    pytest.param(NEAR | {"contract_id": "NLXYZC00000002"}, "C1=E1",
                 id="another person, same EVSE"),
    pytest.param(NEAR | {"evse_uid": "X", "contract_id": "NLXYZC00000002"}, "",
                 id="another person elsewhere"),
    pytest.param(NEAR | {"claimed": None, "energy_kwh": None}, "C1=E1",
                 id="what one side lacks speaks for neither"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "pairs"), FUZZY)
def test_the_fuzzy_pass(values: dict[str, object], pairs: str) -> None:
    assert pair([cpo("C1")], [emsp("E1", **values)]) == pairs


RIVALS = [
    pytest.param([cpo("C1")], [emsp("E1", start="5T08:02", end="5T09:02"), emsp("E2", start="5T07:58", end="5T08:58")],
                 "C1?", id="two of theirs fit alike"),
    pytest.param([cpo("C1")], [emsp("E1", **NEAR), emsp("E2", start="5T08:05", end="5T09:05")],
                 "C1=E1", id="one of theirs fits much better"),
    pytest.param([cpo("C1", start="5T08:02", end="5T09:02"), cpo("C2", start="5T07:58", end="5T08:58")], [emsp("E1")],
                 "C1? C2?", id="two of ours fit alike"),
    pytest.param([cpo("C1", **NEAR), cpo("C2", start="5T08:05", end="5T09:05")],
                 [emsp("E1")], "C1=E1", id="one of ours fits much better"),
    pytest.param([cpo("C1", start="5T08:01", end="5T09:01"), cpo("C2", start="6T08:01", end="6T09:01")],
                 [emsp("E2", start="6T08:00", end="6T09:00"), emsp("E1")], "C1=E1 C2=E2", id="two charges, two pairs"),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "pairs"), RIVALS)
def test_near_ties_are_named(ours: list[ChargeRecord], theirs: list[ChargeRecord], pairs: str) -> None:
    assert pair(ours, theirs) == pairs


@pytest.mark.parametrize(("ours", "theirs", "pairs"), [*RUNGS, *RIVALS])
def test_the_order_of_records_changes_nothing(
    ours: list[ChargeRecord], theirs: list[ChargeRecord], pairs: str
) -> None:
    for one in permutations(ours):
        for other in permutations(theirs):
            assert pair(list(one), list(other)) == pairs


def test_a_shuffled_crowd_pairs_alike() -> None:
    ours = [cpo(f"C{n}", start=f"5T08:{n * 4:02}", end=f"5T09:{n * 4:02}", energy_kwh="11") for n in range(12)]
    theirs = [emsp(f"E{n}", start=f"5T08:{n * 4:02}:40", end=f"5T09:{n * 4:02}:40", energy_kwh="11") for n in range(9)]
    wanted, shuffle = pair(ours, theirs), random.Random(7)
    for _ in range(20):
        shuffle.shuffle(ours)
        shuffle.shuffle(theirs)
        assert pair(ours, theirs) == wanted


SKEWS = [
    pytest.param("5T09:00", "5T10:00", 3600, id="an hour"),
    pytest.param("5T07:15:59", "5T08:16:00", -2700, id="back, within a minute"),
    pytest.param("5T08:15:40", "5T09:14:50", 900, id="a quarter, within a minute"),
    pytest.param("5T09:00", "5T10:02", None, id="another duration"),
    pytest.param("5T08:07", "5T09:07", None, id="no quarter hour"),
    pytest.param("5T08:00", "5T09:00", None, id="none at all"),
    pytest.param("5T08:00:50", "5T09:00:50", None, id="less than a minute"),
    pytest.param("6T08:00", "6T09:00", None, id="a day is no skew"),
    pytest.param("5T08:16:01", "5T09:16:01", None, id="a minute and a second beyond"),
]


@pytest.mark.parametrize(("start", "end", "skew"), SKEWS)
def test_clock_skew(start: str, end: str, skew: int | None) -> None:
    assert skew_of(cpo(), emsp(start=start, end=end)) == skew


def test_likeness_is_whole_for_equal_records_and_nothing_without_times() -> None:
    assert likeness(cpo(), emsp()) == 1000
    assert likeness(cpo(start=None), emsp()) == 0


def test_ids_are_folded() -> None:
    assert folded("de*abc-e 1") == "DEABCE1"
    assert folded("") is None
    assert contract_key("NL-XYZ-C00000001-3") == contract_key("nlxyzc00000001") == "NLXYZC00000001"


def test_a_record_of_the_next_month_used_by_the_last_charge_is_used_up() -> None:
    ours = cpo("C1", start="31T21:00:01", end="31T22:59:59")
    theirs = emsp("E1", start="31T21:00:20", end="31T23:00:10")
    seen = Month().judge(ours, theirs)
    assert (seen.pairs(), seen.ends) == ("C1=E1", "C1 billed")
    assert seen.judged.used == {theirs.number: ours.number}


def test_an_ambiguous_charge_waits_and_its_candidates_are_not_missing() -> None:
    seen = Month().judge(
        cpo("C1"), emsp("E1", start="5T08:02", end="5T09:02"), emsp("E2", start="5T07:58", end="5T08:58")
    )
    assert (seen.ends, seen.codes) == ("C1 waiting", "ambiguous-match C1")


def test_two_charges_and_one_record_of_the_emsp_both_wait() -> None:
    ours = [cpo("C1", start="5T08:02", end="5T09:02"), cpo("C2", start="5T07:58", end="5T08:58")]
    seen = Month().judge(*ours, emsp("E1"))
    assert (seen.ends, seen.codes) == ("C1 waiting, C2 waiting", "ambiguous-match C1, ambiguous-match C2")


def test_times_are_read() -> None:
    assert at("5T08:00:30").isoformat() == "2026-10-05T08:00:30+00:00"
