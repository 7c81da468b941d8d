"""The calendar month that a run settles."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True, order=True)
class BillingMonth:
    """A calendar month, `2026-10`; whose local time it is in, the agreement says.

    >>> str(BillingMonth.parse("2026-12").next)
    '2027-01'
    """

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "BillingMonth":
        """Read `2026-10`; raise ValueError for anything else."""
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
            raise ValueError(f"{text!r} is no month; expected a year and a month, such as 2026-10")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> "BillingMonth":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.first_day + relativedelta(months=1, days=-1)

    @property
    def next(self) -> "BillingMonth":
        """The month after."""
        return BillingMonth.of(self.last_day + timedelta(days=1))

    def plus_days(self, days: int) -> date:
        """Return the day that lies `days` after the last day of the month."""
        return self.last_day + timedelta(days=days)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
