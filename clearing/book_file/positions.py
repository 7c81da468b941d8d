"""Where each table and key of a TOML text stands, which tomllib does not tell.

The text must have been read by tomllib before: here nothing is checked, only followed. Strings, comments and values
over several lines are stepped over, so that a `#` or a `[` inside them misleads nobody.
"""

import tomllib

Path = tuple[str | int, ...]

_SPACE = " \t"
_BLANK = " \t\r\n"
_QUOTES = ('"""', "'''", '"', "'")


class Positions:
    """The line (from 1) of each path, such as `("agreement", 1, "currency")`, in a valid TOML text.

    >>> Positions('[[company]]\\nname = "A"').line(("company", 0, "name"))
    2
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        """How many elements each array of tables has so far."""
        self._follow()

    def line(self, path: Path) -> int:
        """Return the line of a path; of one that does not stand in the text, that of the table it would stand in."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _follow(self) -> None:
        table: Path = ()
        while self._skip_to_content():
            line = self._line
            if self._text.startswith("[[", self._at):
                table = self._header(2)
                number = self._tables.get(table, 0)
                self._tables[table] = number + 1
                table = (*table, number)
                self._note(table, line)
            elif self._text[self._at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _header(self, brackets: int) -> Path:
        """Read `[a.b]` or `[[a.b]]`; a name that is an array of tables means its last element."""
        self._at += brackets
        path: Path = ()
        keys = self._key()
        for number, key in enumerate(keys):
            path = (*path, key)
            self._note(path, self._line)
            if path in self._tables and not (brackets == 2 and number == len(keys) - 1):
                path = (*path, self._tables[path] - 1)
        self._at += brackets
        return path

    def _pair(self, table: Path) -> None:
        line = self._line
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path, line)
        self._at += 1  # The equals sign.
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        first = self._text[self._at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}#\n":
                self._at += 1

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._skip_to_content() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                number += 1
                continue
            self._note((*path, number), self._line)
            self._value((*path, number))
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip_to_content() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1

    def _key(self) -> list[str]:
        """Read `a`, `"a b"` or `a.b` and stop behind the spaces that follow."""
        keys = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._text[start] in "\"'":
                self._string()
                keys.append(str(tomllib.loads(f"key = {self._text[start : self._at]}")["key"]))
            else:
                while self._text[self._at] not in ".=] \t":
                    self._at += 1
                keys.append(self._text[start : self._at])
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _string(self) -> None:
        quote = next(q for q in _QUOTES if self._text.startswith(q, self._at))
        at = self._at + len(quote)
        while not self._text.startswith(quote, at):
            at += 2 if self._text[at] == "\\" and quote[0] == '"' else 1
        at += len(quote)
        while len(quote) == 3 and self._text.startswith(quote[0], at):  # '""""' ends with a quote of its own.
            at += 1
        self._line += self._text.count("\n", self._at, at)
        self._at = at

    def _skip_to_content(self) -> bool:
        """Step over blanks, line ends and comments; False at the end of the text."""
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in _BLANK:
                self._skip(_BLANK)
            else:
                return True
        return False

    def _skip(self, characters: str) -> None:
        while self._at < len(self._text) and self._text[self._at] in characters:
            self._line += self._text[self._at] == "\n"
            self._at += 1

    def _note(self, path: Path, line: int) -> None:
        self._lines.setdefault(path, line)
