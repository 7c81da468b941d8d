"""Killed with -9 between any two steps and started again, a month ends with the same bytes and numbers.

The real `evclear` runs in a process of its own. A `sitecustomize.py` that only this test puts on its path watches it
from outside: by Python's audit hooks, SQLite's trace and the calls of the system it counts whatever the disk can see of
the work, and at one of these steps the process gets SIGKILL. A write is torn: its first half is written.
"""

import json
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from small_market import OCTOBER, Market, evclear, first_months, state_hashes

from clearing import BillingMonth
from clearing.store import BookStore
from clearing.store.codec import decode_document

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")

KILLS = 20
"""How many kills of `run` and `post`; those of `ingest` and `findings decide` come on top."""
MONTH = BillingMonth.parse(OCTOBER)

WATCHER = '''
"""Counts what a process does to the files of one folder, and kills it at one of these steps."""
import builtins, io, os, signal, sqlite3, sys

FOLDER, LOG, KILL_AT = os.environ["WATCHED"], os.environ["WATCH_LOG"], int(os.environ["KILL_AT"])
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
steps = 0
counting = True

def step(name, torn=None):
    global steps, counting
    if not counting:
        return
    counting = False
    steps += 1
    os.write(log, (name.replace(FOLDER, "") + "\\n").encode())
    if steps == KILL_AT:
        if torn is not None:
            torn()
        os.kill(os.getpid(), signal.SIGKILL)
    counting = True

def is_here(path):
    return isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(FOLDER)

def audit(event, args):
    if event == "open" and is_here(args[0]) and isinstance(args[2], int) and args[2] & WRITING:
        step(f"open {os.fsdecode(args[0])}")
    elif event in CHANGES and is_here(args[0]):
        step(f"{event} {os.fsdecode(args[0])}")

class Statements:
    """A step for each begin and end of a transaction, and for each table that begins to be written."""
    last = ""
    def __call__(self, sql):
        words = sql.split(None, 3)[:3]
        verb = words[0].upper() if words else ""
        if verb in ("BEGIN", "COMMIT", "ROLLBACK"):
            step(f"{verb} {words[-1]}")
            self.last = ""
        elif verb in ("INSERT", "UPDATE", "DELETE", "CREATE") and words != self.last:
            step(" ".join(words))
            self.last = words

class TornWriter(io.BufferedWriter):
    def write(self, data):
        def torn():
            super(TornWriter, self).write(bytes(data)[: len(data) // 2])
            self.flush()
        step("write", torn)
        return super().write(data)

plain_open, plain_fsync, plain_connect = io.open, os.fsync, sqlite3.connect

def watched_open(file, mode="r", buffering=-1, *args, **kwargs):
    if mode == "wb" and buffering == -1:
        return TornWriter(io.FileIO(file, "wb"))
    return plain_open(file, mode, buffering, *args, **kwargs)

def watched_fsync(descriptor):
    step("fsync")
    return plain_fsync(descriptor)

def watched_connect(*args, **kwargs):
    connection = plain_connect(*args, **kwargs)
    connection.set_trace_callback(Statements())
    return connection

io.open = builtins.open = watched_open
sqlite3.connect = sqlite3.dbapi2.connect = watched_connect
os.fsync = watched_fsync
sys.addaudithook(audit)
'''


@dataclass(frozen=True)
class Kill:
    """One kill: the command, how many steps it may do, and the step that it never does."""

    verb: str
    at: int
    step: str


@dataclass
class Ground:
    """An undisturbed month: the book before each command, its steps, what it ends with, and its exit codes."""

    folder: Path
    steps: dict[str, list[str]]
    codes: dict[str, int]
    ends: dict[str, object]

    def before(self, verb: str, to: Path) -> Market:
        """Return a copy of the book as it stood before a command."""
        shutil.copytree(self.folder / f"before-{verb}", to)
        return Market(to)


def command(verb: str, book: Path) -> list[str]:
    """Return the arguments of a command on a book."""
    if verb == "ingest":
        return ["ingest", "cdr", *(str(path) for path in sorted((book / "deliveries" / "cpo").iterdir()))]
    if verb == "decide":
        held = Market(book).findings(OCTOBER)["price-claim-differs F6"].id
        return ["findings", "decide", held, "accept", "--reason", "agreed by telephone", "--by", "Ada"]
    return [verb, OCTOBER]


def watched(market: Market, verb: str, watcher: Path, kill_at: int = 0) -> tuple[int, list[str]]:
    """Run a command under the watcher; return its exit code and the steps it reached."""
    log = market.book.parent / f"{market.book.name}.log"
    log.unlink(missing_ok=True)
    done = evclear(
        market.book, *command(verb, market.book), PYTHONPATH=str(watcher), WATCHED=str(market.book), WATCH_LOG=str(log),
        KILL_AT=str(kill_at),
    )  # fmt: skip
    assert done.returncode in (0, 3, -signal.SIGKILL), done.stderr
    return done.returncode, log.read_text().splitlines()


def finish(market: Market, verb: str) -> None:
    """Bring the month to its end from where a command left it."""
    if verb == "ingest":
        for path in sorted((market.book / "deliveries" / "emsp").iterdir()):
            market.deliver_file("emsp", path)
    if verb != "post":
        if verb != "run":
            market.run(OCTOBER)
        market.post(OCTOBER)


def ended(book: Path) -> dict[str, object]:
    """Return everything that a month leaves: bytes, numbers, ledger, ends, records, evidence."""
    with BookStore.open(book) as store:
        return {
            "folder": state_hashes(book / "months"),
            "numbers": [(d.issuer, d.number, decode_document(d.value)) for d in store.documents(MONTH)],
            "ledger": store.ledger(MONTH),
            "ends": store.ends(MONTH),
            "open": [(r.number, r.where) for r in store.open_records()],
            "files": store.files(),
            "posted": store.posted_months(),
            "verdicts": {finding: d.verdict for finding, d in store.decisions().items()},
            "evidence": sorted(path.name for path in (book / "evidence").rglob("*") if path.is_file()),
        }


@pytest.fixture(scope="module")
def watcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("watcher")
    (folder / "sitecustomize.py").write_text(WATCHER)
    return folder


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, watcher: Path) -> Ground:
    """Settle the month once without a kill, and once with a decision in it."""
    folder = tmp_path_factory.mktemp("ground")
    made = Market.open(folder / "made")
    first_months(made)
    ground = Ground(folder, {}, {}, {})
    delivered = Market.open(folder / "book")
    shutil.copytree(made.book / "deliveries", delivered.book / "deliveries")

    def do(market: Market, verb: str) -> None:
        shutil.copytree(market.book, folder / f"before-{verb}")
        ground.codes[verb], ground.steps[verb] = watched(market, verb, watcher)

    do(delivered, "ingest")
    for path in sorted((delivered.book / "deliveries" / "emsp").iterdir()):
        delivered.deliver_file("emsp", path)
    do(delivered, "run")
    decided = Market(folder / "decided")
    shutil.copytree(delivered.book, decided.book)
    do(delivered, "post")
    do(decided, "decide")
    decided.settle(OCTOBER)
    ground.ends = dict.fromkeys(("ingest", "run", "post"), ended(delivered.book)) | {"decide": ended(decided.book)}
    return ground


def commit_of(steps: list[str]) -> int:
    """Return at which step, counted from 1, the last transaction that writes is committed."""
    begun = max(at for at, step in enumerate(steps) if step == "BEGIN IMMEDIATE")
    return next(at for at, step in enumerate(steps, 1) if at > begun and step.startswith("COMMIT"))


def renames(steps: list[str]) -> list[int]:
    """Return at which steps a month's folder is put in place, and the one after."""
    found = [at for at, step in enumerate(steps, 1) if step.startswith("os.rename")]
    return [*found, found[-1] + 1]


def kills(ground: Ground) -> list[Kill]:
    """Choose the steps: the first and the last, those around the commits and renames, and others by chance."""
    rng = Random("killed")
    chosen: dict[str, set[int]] = {}
    for verb, steps in ground.steps.items():
        commit = commit_of(steps)
        chosen[verb] = {1, len(steps), commit, min(commit + 1, len(steps))}
    chosen["post"] |= {commit_of(ground.steps["post"]) - 1}
    for verb, wanted in (("run", KILLS // 2 - 2), ("post", KILLS // 2 + 2), ("ingest", 5)):
        steps = ground.steps[verb]
        if verb != "ingest":
            chosen[verb] |= set(renames(steps))
        signs = ("write", "os.", "COMMIT", "INSERT", "fsync", "shutil")
        rest = [at for at, step in enumerate(steps, 1) if at not in chosen[verb] and step.startswith(signs)]
        chosen[verb] |= set(rng.sample(rest, wanted - len(chosen[verb])))
    return [Kill(verb, at, ground.steps[verb][at - 1]) for verb in chosen for at in sorted(chosen[verb])]


def leftovers(book: Path) -> list[str]:
    """Return what only a killed process can have left behind."""
    return [path.name for path in book.rglob("*") if path.suffix in (".part", ".old")]


def check_folder(book: Path) -> None:
    """A month's folder is whole wherever it stands, also right after a kill."""
    folder = book / "months" / OCTOBER
    if not folder.exists():
        return
    listed = {o["file"]: o["sha256"] for o in json.loads((folder / "manifest.json").read_text())["outputs"]}
    assert listed == {name: sha for name, sha in state_hashes(folder).items() if name != "manifest.json"}


def check_killed(book: Path) -> None:
    """Right after a kill everything of a month is in the books, or nothing: whoever looks now sees no half."""
    check_folder(book)
    with BookStore.open(book) as store:
        posted = store.posted_months() == [MONTH]
        assert posted == bool(store.documents(MONTH)) == bool(store.ledger(MONTH)) == bool(store.ends(MONTH))
        by_file = Counter(record.where.text.rpartition(":")[0] for record in store.open_records())
        if not posted:
            assert {file.path: file.records for file in store.files()} == by_file


class TestKilled:
    """Every kill, and afterwards the command once more."""

    @pytest.fixture(autouse=True)
    def _here(self, ground: Ground, watcher: Path, tmp_path: Path) -> Iterator[None]:
        self.ground, self.watcher, self.tmp_path = ground, watcher, tmp_path
        yield
        shutil.rmtree(tmp_path)

    def one(self, kill: Kill) -> None:
        market = self.ground.before(kill.verb, self.tmp_path / f"{kill.verb}-{kill.at}")
        code, reached = watched(market, kill.verb, self.watcher, kill.at)
        assert code == -signal.SIGKILL, kill
        assert len(reached) == kill.at, kill
        check_killed(market.book)
        again: subprocess.CompletedProcess[str] = market.evclear(*command(kill.verb, market.book))
        assert again.returncode == self.ground.codes[kill.verb], (kill, again.stderr)
        check_folder(market.book)
        finish(market, kill.verb)
        assert leftovers(market.book) == [], kill
        assert ended(market.book) == self.ground.ends[kill.verb], kill
        shutil.rmtree(market.book)

    @pytest.mark.parametrize("number", range(KILLS))
    def test_run_and_post(self, number: int) -> None:
        self.one([kill for kill in kills(self.ground) if kill.verb in ("run", "post")][number])

    @pytest.mark.parametrize("verb", ["ingest", "decide"])
    def test_ingest_and_decide(self, verb: str) -> None:
        for kill in kills(self.ground):
            if kill.verb == verb:
                self.one(kill)


def test_the_kills_are_spread(ground: Ground) -> None:
    chosen = [kill for kill in kills(ground) if kill.verb in ("run", "post")]
    assert len(set(chosen)) == KILLS
    commit = commit_of(ground.steps["post"])
    last = len(ground.steps["post"])
    assert {1, commit - 1, commit, commit + 1, last} <= {kill.at for kill in chosen if kill.verb == "post"}
    assert {1, len(ground.steps["run"])} <= {kill.at for kill in chosen if kill.verb == "run"}
    kinds = {kill.step.split()[0] for kill in chosen}
    assert {"write", "COMMIT", "os.rename"} <= kinds


def test_the_undisturbed_month_has_no_gap_and_sums_to_zero(ground: Ground) -> None:
    numbers = [str(number) for _, number, _ in ground.ends["run"]["numbers"]]  # type: ignore[index]
    assert sorted(numbers) == [
        "AT-ALP-2026-00001", "AT-ALP-2026-00002", "DE-SWM-2026-00001", "DE-SWM-2026-00002", "NL-PLG-G2026-00001"
    ]  # fmt: skip
    for posting in ground.ends["run"]["ledger"]:  # type: ignore[index]
        assert sum(entry.minor for entry in posting.entries) == 0
