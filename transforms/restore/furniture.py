"""Takes page furniture out of a text and finds the lines that carry facts of the document.

Works on lines: breadcrumbs, counters, links and imprints go; `发布日期：2022-07-29 17:02` stays
as a line of its own that is no sentence; 索引号： and the number on the line below become one line.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from transforms import lexicon
from transforms.restore.draft import Cut, Draft

_BULLET = re.compile(r"[•·●▪◦*■◆▲★☆◇○►▸][ \u3000]*")
_LONGEST = 160  # characters of a line that can be furniture
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、．.]|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、](?!\d)"
)
_NEWS = re.compile(
    r"(?m:^)(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?"
    r"(?P<comma>[，, ]{1,2})(?P<label>正文[：:])"
)
_DATED = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?!\d)")


class Kind(Enum):
    """What a line of the clean text is."""

    BODY = 0
    FACT = 1  # carries a fact of the document, no sentence


def clear(draft: Draft) -> list[Kind]:
    """Cuts the furniture out of the draft; the kinds of the lines that are left, in order."""
    if not draft.wants("furniture"):
        return [Kind.BODY] * (draft.text.count("\n") + 1)
    _split_news(draft)
    text = draft.text
    page = _Page(text)
    at = 0
    for line in text.split("\n"):
        page.take(line, at)
        at += len(line) + 1
    page.finish(len(text))
    draft.cut(page.cuts)
    return page.kinds or [Kind.BODY]


def _split_news(draft: Draft) -> None:
    """`2023-08-01 17:00，正文：…` → the date on a line of its own."""
    match = _NEWS.search(draft.text, 0, 800) if "正文" in draft.text[:800] else None
    if match is None:
        return
    codes = draft.codes.copy()
    codes[match.start("comma")] = 10
    draft.recode(codes, "furniture")
    draft.cut([(match.start("comma") + 1, match.end("label"), "furniture")])


class _Page:
    """Reads a page line by line."""

    def __init__(self, text: str) -> None:
        self.cuts: list[Cut] = []
        self.kinds: list[Kind] = []
        self._field = ""  # the field whose value is on the next line
        self._field_end = 0
        self._body = False  # a line of running text has been seen
        self._tail = False  # only furniture follows
        self._titles: set[str] = set()
        self._gone = 0  # where the cut at the head ends

    def take(self, line: str, at: int) -> None:
        """The next line, which starts at `at`."""
        size = len(line)
        if size > _LONGEST or (size > 30 and line[-1] == "。") or _NUMBERED.match(line):
            self._long(line)
            return
        if self._news_head(line):
            self.kinds.append(Kind.FACT)
            return
        field, self._field = self._field, ""
        content = self._content(line)
        if field:
            self._value(field, line, at, content)
            return
        if not content.strip(" \u3000"):
            self.kinds.append(Kind.BODY)
        elif match := self._label(content):
            self._labelled(match, line, at, content)
        elif self._is_furniture(content):
            self._drop(line, at)
            self._tail = self._tail or (self._body and _tails().match(content) is not None)
        elif (self._tail and len(content) <= 60 and "。" not in content) or (
            not self._body and self._repeats_title(content)
        ):
            self._drop(line, at)
        else:
            self._keep(line, at, content)

    def finish(self, end: int) -> None:
        """The text ends at `end`."""
        if not self.kinds and self._gone:
            self.cuts = [(0, end, "furniture")]

    def _news_head(self, line: str) -> bool:
        if self._body or self._titles:
            return False
        return _DATE_LINE.fullmatch(line) is not None

    def _content(self, line: str) -> str:
        """The line without a bullet."""
        bullet = _BULLET.match(line)
        return line[bullet.end() :] if bullet else line

    def _long(self, line: str) -> None:
        self._field = ""
        self._body = self._body or len(line) > 60 or "。" in line
        self._tail = self._tail and "。" not in line
        self.kinds.append(Kind.BODY)

    def _label(self, content: str) -> re.Match[str] | None:
        """The field that the line names, if it does: everywhere but behind running text."""
        match = _labels().match(content)
        if match is None or len(content) - match.end() > 60:
            return None
        if "。" in content or (self._body and match.lastgroup in ("nothing", "title", "signer")):
            return None
        if self._body and match.lastgroup == "issuer":
            return None
        return match

    def _labelled(self, match: re.Match[str], line: str, at: int, content: str) -> None:
        name = match.lastgroup or ""
        rest = content[match.end() :].strip(" \u3000")
        if not rest or rest == "无":
            self._field = name if not rest else ""
            self._field_end = at + len(line)
            if name == "nothing" or rest:
                self._drop(line, at)
            else:
                self._bullet(line, at, content)
                self.kinds.append(Kind.FACT)
        elif name == "nothing" and not _DATED.search(rest):
            self._drop(line, at)
        else:
            self._bullet(line, at, content)
            self._cut_pieces(line, at, keep=match.end() + len(line) - len(content))
            self.kinds.append(Kind.FACT)

    def _value(self, field: str, line: str, at: int, content: str) -> None:
        """The line below a field's name."""
        if self._label(content) or self._is_furniture(content) or field == "nothing":
            if field == "nothing" and not self._label(content):
                self._drop(line, at)
                return
            self.take(line, at)
            return
        start = at + len(line) - len(content)
        self.cuts.append((self._field_end, start, "furniture"))

    def _keep(self, line: str, at: int, content: str) -> None:
        pieces = _pieces().search(content)
        if pieces and (_DATED.match(content) or len(pieces.group()) > 0.5 * len(content)):
            self._cut_pieces(line, at, keep=0)
            self.kinds.append(Kind.FACT)
            return
        if not self._body:
            self._titles.add(content.replace(" ", ""))
        self._body = self._body or "。" in line or len(line) > 60
        self.kinds.append(Kind.BODY)

    def _repeats_title(self, content: str) -> bool:
        return len(content) >= 6 and content.replace(" ", "") in self._titles

    def _is_furniture(self, content: str) -> bool:
        return bool(_furniture().match(content)) and not _sentence_like(content)

    def _bullet(self, line: str, at: int, content: str) -> None:
        if len(content) < len(line):
            self.cuts.append((at, at + len(line) - len(content), "furniture"))

    def _cut_pieces(self, line: str, at: int, keep: int) -> None:
        end = 0
        for match in _pieces().finditer(line, keep):
            start = match.start()
            while start > max(keep, end) and line[start - 1] in " \u3000":
                start -= 1
            self.cuts.append((at + start, at + match.end(), "furniture"))
            end = match.end()

    def _drop(self, line: str, at: int) -> None:
        """The line goes, with the line break in front of it or, at the head, behind it."""
        if self.kinds:
            self.cuts.append((at - 1, at + len(line), "furniture"))
        else:
            self.cuts.append((at, at + len(line) + 1, "furniture"))
            self._gone = at + len(line) + 1


_DATE_LINE = re.compile(
    r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?"
)


def _sentence_like(content: str) -> bool:
    """Furniture has no sentences, and no figures with units but counters."""
    return content.endswith("。") or "；" in content


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = lexicon.toml("restore/furniture.toml")
    return table


@cache
def _furniture() -> re.Pattern[str]:
    lines = _table()["lines"]
    return re.compile(
        f"[ \u3000]*(?:{'|'.join(lines['starts'])}|(?:{'|'.join(lines['whole'])})[ \u3000]*$)"
    )


@cache
def _pieces() -> re.Pattern[str]:
    return re.compile("|".join(_table()["pieces"]["patterns"]))


@cache
def _tails() -> re.Pattern[str]:
    return re.compile("|".join(_table()["tail"]["starts"]))


@cache
def _labels() -> re.Pattern[str]:
    """A field's name and its colon; spaces between its characters do not matter."""
    groups = (
        f"(?P<{name}>{'|'.join(_spaced(word) for word in sorted(words, key=len, reverse=True))})"
        for name, words in _table()["labels"].items()
        if name != "examples"
    )
    return re.compile(f"[【\\[]?(?:{'|'.join(groups)})[】\\]]?[ \u3000]*[：:][ \u3000]*")


def _spaced(word: str) -> str:
    return "[ \u3000]*".join(map(re.escape, word))


def labels() -> re.Pattern[str]:
    """The pattern of a field's name at the head of a line; its last group is the fact."""
    return _labels()


def standing_alone(line: str) -> bool:
    """Whether a short line is furniture or a field, which no sentence goes on with."""
    bullet = _BULLET.match(line)
    content = line[bullet.end() :] if bullet else line
    return bool(_furniture().match(content)) and not _sentence_like(content)
