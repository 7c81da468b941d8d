"""Which of two ways of reading and writing bytes is taken: what is quick in C is slow in plain Python, and the reverse.

Both ways have the same functions with the same answers (a test holds them against each other): `loops` goes byte by
byte in machine integers, `builtin` calls what Python has in C. The compiler takes the first, as it is told that
`COMPILED` is true; plain Python takes the second.

Machine integers (i64) wrap silently, so whoever computes in them states the bounds that keep it from happening
(`tariffs.bulk.money`).
"""

from typing import Final

COMPILED: Final = not __file__.endswith(".py")

if COMPILED:  # pragma: no cover (coverage is measured in plain Python)
    from tariffs.bulk.loops import (
        Row,
        instant,
        number,
        place_after,
        put_scaled,
        row,
        same,
        text_end,
    )
else:
    from tariffs.bulk.builtin import (  # type: ignore[assignment]
        Row,
        instant,
        number,
        place_after,
        put_scaled,
        row,
        same,
        text_end,
    )

__all__ = ["COMPILED", "Row", "instant", "number", "place_after", "put_scaled", "row", "same", "text_end"]
