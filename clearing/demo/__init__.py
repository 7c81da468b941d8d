"""A made-up market: seeded months of roaming charges with planted discrepancies, and the truth beside them.

`generate` writes a complete book, what all sides deliver, and `truth/<month>.json`: every finding that the run must
make, the six ends of every pair, each document and who pays whom. Then `compare` tells where a run differs from it.

The demo proves the rooms that judge, so it shares nothing with them: it imports no other room of `clearing` and
nothing of `tariffs`, and its amounts come from whole numbers of its own (`amounts`, `cost`). A charge is drawn
(`traffic`), split where its price changes (`charge`), told by both sides (`records`) as a story with its outcome
(`story`), and some stories go wrong on purpose (`mishaps`, `chains`, planned by `plants`).
"""

from clearing.demo.check import compare
from clearing.demo.files import Delivery
from clearing.demo.follow_ups import Decision
from clearing.demo.generation import MONTHS, Deliveries, generate

__all__ = ["MONTHS", "Decision", "Deliveries", "Delivery", "compare", "generate"]
