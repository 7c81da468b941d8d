"""What reading finds already, under its own names: no rule looks for it here, the catalogue says what to do."""

from typing import Final

from tariffs.lint.rule import rule

FOUND_IN_READING: Final = (
    rule("malformed-record", "Q", "types", "Write the field in the form that OCPI has for it."),
    rule("version-not-supported", "Q", "version information endpoint", "Send the object in a version known here."),
    rule("incomplete-record", "W", "mod_tariffs and mod_cdrs, cardinality 1", "State the fields that OCPI requires."),
    rule("unknown-field", "I", "transport and format", "Leave the field out, or expect that nobody heeds it."),
    rule("number-as-string", "I", "types, number", "Write the number without quotation marks."),
    rule("time-with-offset", "W", "types, DateTime", "Write the time in UTC, with Z or without designator."),
)
"""In the order of their gravity."""
