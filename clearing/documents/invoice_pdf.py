"""Invoice, credit note, self-billed invoice and self-billed credit note as PDF: one value, one file, the same bytes."""

from functools import partial

from clearing.documents.annex import Annex
from clearing.documents.figures import prove
from clearing.documents.page import Sheet, draw
from clearing.documents.summary import particulars, subject, summary, title
from clearing.documents.wording import wording
from clearing.invoicing.invoice import DocumentState, Invoice


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return the PDF of a document. Nothing is computed for it; that its figures add up is checked first."""
    prove(invoice)
    say = wording(invoice.language)
    mark = "" if invoice.state is DocumentState.POSTED else str(invoice.state)
    sheet = Sheet(
        wording=say,
        title=title(invoice, say),
        subject=subject(invoice, say),
        issuer=invoice.issuer,
        recipient=invoice.seller if invoice.kind.is_self_billed else invoice.buyer,
        particulars=particulars(invoice, say),
        mark=mark,
        banner=say(f"{mark}-banner") if mark else "",
    )
    return draw(sheet, partial(summary, invoice, say), Annex(invoice, say).pages)
