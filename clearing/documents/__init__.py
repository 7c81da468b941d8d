"""Finished values → PDF bytes: tax documents with their annex, and settlement statements.

Nothing is decided or computed here. An `Invoice` or a `Statement` comes in complete, is checked to add up, and is
drawn: the same value gives the same bytes, whatever the day, the machine's language or its time zone.

- `wording` and `labels`: what stands on paper in German and English; `typeface`: the one embedded font family
- `page`: paper, text styles, address window, footer, marks; `tables`, `payment`: blocks that documents share
- `figures`: the proof that a document adds up
- `summary` and `annex`: the two halves of a tax document; `invoice_pdf`, `statement_pdf`: the finished files
"""

from clearing.documents.figures import DoesNotAddUp
from clearing.documents.invoice_pdf import invoice_pdf
from clearing.documents.statement_pdf import statement_pdf

__all__ = ["DoesNotAddUp", "invoice_pdf", "statement_pdf"]
