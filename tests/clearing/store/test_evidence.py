"""What was delivered is given back byte for byte, or said to be gone."""

import gzip
from pathlib import Path

import pytest

from clearing.errors import IntegrityFailure
from clearing.records import Where
from clearing.store import Evidence

LINES = b'{"a": 1}\n{"b": 2}\n'
SECOND = (9, 8)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "evidence")


@pytest.mark.parametrize(
    "delivered",
    [LINES, gzip.compress(LINES), gzip.compress(LINES[:12]) + gzip.compress(LINES[12:]) + b"\0" * 100],
    ids=["plain", "gzip", "gzip-of-two-members"],
)
@pytest.mark.parametrize("as_file", [False, True], ids=["bytes", "file"])
def test_evidence_comes_back(evidence: Evidence, tmp_path: Path, delivered: bytes, as_file: bool) -> None:
    (tmp_path / "file").write_bytes(delivered)
    digest = evidence.put(tmp_path / "file" if as_file else delivered)
    assert digest == evidence.put(delivered)
    assert delivered == evidence.read(digest)
    assert LINES == evidence.text(digest)
    assert b'{"b": 2}' == evidence.cut(Where("", digest, *SECOND))
    assert [digest] == [path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


def test_a_gzip_that_ends_early_is_kept_as_far_as_it_goes(evidence: Evidence) -> None:
    whole = gzip.compress(LINES * 100_000, 1)
    digest = evidence.put(whole[: len(whole) // 2])
    assert b'{"b": 2}' == evidence.cut(Where("", digest, *SECOND))
    assert len(evidence.text(digest)) > len(LINES) * 10_000


def changed(path: Path) -> None:
    path.write_bytes(b"[" + path.read_bytes()[1:])


@pytest.mark.parametrize(("harm", "words"), [(changed, "not what was delivered"), (Path.unlink, "is missing")])
@pytest.mark.parametrize(
    "look",
    [Evidence.read, Evidence.text, lambda evidence, digest: evidence.cut(Where("", digest, *SECOND))],
    ids=["read", "text", "cut"],
)
def test_changed_or_missing_evidence_is_an_integrity_failure(
    evidence: Evidence, harm: object, words: str, look: object
) -> None:
    digest = evidence.put(LINES)
    harm(evidence.path(digest))  # type: ignore[operator]
    with pytest.raises(IntegrityFailure, match=words):
        look(evidence, digest)  # type: ignore[operator]


def test_a_cut_beyond_the_end_is_an_integrity_failure(evidence: Evidence) -> None:
    digest = evidence.put(LINES)
    with pytest.raises(IntegrityFailure):
        evidence.cut(Where("", digest, 10, 100))


def test_what_was_not_taken_can_be_discarded(evidence: Evidence) -> None:
    digest = evidence.put(LINES)
    evidence.discard(digest)
    evidence.discard(digest)
    assert not evidence.path(digest).exists()


def test_changed_evidence_is_mended_by_the_same_delivery(evidence: Evidence) -> None:
    digest = evidence.put(LINES)
    changed(evidence.path(digest))
    evidence.put(LINES)
    assert LINES == evidence.read(digest)


def test_what_a_killed_run_left_is_swept_away(evidence: Evidence) -> None:
    digest = evidence.put(LINES)
    part = evidence.path(digest).parent.parent / "x.part"
    part.write_bytes(b"half")
    evidence.sweep()
    assert (False, LINES) == (part.exists(), evidence.read(digest))
