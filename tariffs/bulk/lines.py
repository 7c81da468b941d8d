"""JSON Lines in, priced lines out: the quick way where it answers, the whole way else, in input order."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64

from tariffs.answers import Answer, PricingOptions, answer_of, read_text
from tariffs.bulk.notes import as_json
from tariffs.bulk.pricer import BulkPricer
from tariffs.bulk.whole import line_of

_SPACE: Final = b" \t\r\n"
_QUICK_VERSION: Final = "2.2.1"
_line_of: Final[Callable[[Answer], bytes]] = line_of


class LinePricer:
    """Prices records under the same options, one after the other; memory does not grow with their number."""

    def __init__(self, options: PricingOptions) -> None:
        self._options = options
        self._bulk: BulkPricer | None = None
        if options.override is None and options.version in (None, _QUICK_VERSION):
            self._bulk = BulkPricer(tariffs=options.tariffs, time_zone=options.time_zone)
        self._name = ""
        self._where = b""
        """The file of the block, and where its records are, as JSON up to the number of a line."""
        self.count = 0
        """Records so far."""
        self.lines = 0
        """Lines of the last block."""
        self.whole_way = 0
        """How many of them went the whole way."""
        self.needing = 0
        """How many have no price or a finding that waits for a person."""

    def block(self, data: bytes, record: int, name: str, line: int) -> bytes:
        """Price lines of JSON, the first of them being line `line` of `name`, and its first record number `record`.

        Blank lines are no records. Each answer is one line as of `evclear price --format jsonl`.
        """
        out = BytesWriter()
        self._name = name
        self._where = as_json(name)[:-1] + b":"
        begin: i64 = 0
        length: i64 = len(data)
        number: i64 = record
        place: i64 = line
        while begin < length:
            end: i64 = data.find(b"\n", begin)
            if end < 0:
                end = length
            if end > begin and (data[begin] > 32 or data[begin:end].strip(_SPACE)):
                self._put(out, data, begin, end, number, place)
                number += 1
            place += 1
            begin = end + 1
        self.count += number - record
        self.lines = place - line
        return out.getvalue()

    def _put(self, out: BytesWriter, data: bytes, begin: i64, end: i64, number: i64, line: i64) -> None:
        """The line of one record."""
        if self._bulk is not None and self._bulk.put(out, data, begin, end, number, self._where, line):
            return
        out.write(self._whole(data[begin:end].strip(_SPACE), number, f"{self._name}:{line}"))

    def one(self, raw: bytes, number: int, where: str) -> bytes:
        """Return the line of one record in JSON of any layout."""
        out = BytesWriter()
        self.count += 1
        if self._bulk is not None and self._bulk.put(out, raw, 0, len(raw), number, as_json(where)[:-1], -1):
            return out.getvalue()
        return self._whole(raw, number, where)

    def _whole(self, raw: bytes, number: int, where: str) -> bytes:
        self.whole_way += 1
        read = read_text(raw, self._options)
        answer = answer_of(number, where, read, self._options)
        if answer.needs_people:
            self.needing += 1
        return _line_of(answer)


def price_lines(lines: Iterable[bytes], options: PricingOptions | None = None, *, name: str = "-") -> Iterator[str]:
    """Price CDRs, each the JSON of one on a line of its own, and give out a line of JSON for each, in order.

    The library's bulk call: what `evclear price --format jsonl` prints, with `name` and the number of the line as
    `where`. Money is exact in the currency of the CDR and cut to 12 decimals only in the text; a bad record gives a
    line with findings and null totals, never an exception. `UnknownTimeZone` is raised for a zone of no such name.
    OCPI 2.1.1, 2.2.1 and 2.3.0, mod_tariffs and mod_cdrs.
    """
    pricer = LinePricer(options or PricingOptions())
    for number, raw in enumerate(lines, 1):
        priced = pricer.block(raw.rstrip(b"\n"), pricer.count + 1, name, number)
        yield from priced.decode("utf-8").split("\n")[:-1]
