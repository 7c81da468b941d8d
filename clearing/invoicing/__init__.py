"""Agreed charges become gross tax documents: their VAT treatment, their lines and their totals."""
