"""Paragraphs to a tree of sections and to sentences: what stands under which heading.

A heading is a numbered line without a full stop, or the first sentence of a numbered paragraph
`（一）坚持转型升级，经济发展集聚新动能。今年以来…`. Where a section looks (back, ahead, at
problems) is said by the words of its heading, which stand in `seeds/restore/headings.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from schemas.document import Facts, Outlook, Section, Sentence
from transforms import lexicon
from transforms.restore.furniture import Kind
from transforms.restore.titles import headed_period, headed_year

_HAN_NUMBER = "[一二三四五六七八九十]"
_NUMBERING = re.compile(
    rf"""[ \u3000]*(?:
      (?P<l1>第{_HAN_NUMBER}{{1,3}}(?:部分|章|节)|{_HAN_NUMBER}{{1,3}}[ \u3000]?(?:[、．]|\.(?!\d)))
    | (?P<l2>[（(][ ]?{_HAN_NUMBER}{{1,3}}[ ]?[）)]|【[^【】\d]{{2,16}}】|[■◆◇▲★][ \u3000]?)
    | (?P<l3>\d{{1,2}}[ ]?(?:、|[.．](?!\d)|\.(?=(?:19|20)\d\d年)))
    | (?P<l4>[（(]\d{{1,2}}[）)]|[①-⑳]|{_HAN_NUMBER}{{1,2}}是|第{_HAN_NUMBER}{{1,2}}[，、]
        |首先，|其次，|再次，|最后，)
    )""",
    re.VERBOSE,
)
_INSIDE = re.compile(
    rf"{_HAN_NUMBER}{{1,2}}是|（\d{{1,2}}）|\d{{1,2}}[.、](?!\d)|第{_HAN_NUMBER}，"
)
_INSIDE_STARTS = frozenset("一二三四五六七八九十（第0123456789")
_NUMBER_STARTS = frozenset("【■◆◇▲★ \u3000一二三四五六七八九十第（(首其再最①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_LEVELS = {"l1": 1, "l2": 2, "l3": 3, "l4": 4}
_SENTENCE_END = re.compile(r"[。！？!?]+[”’）)》」』】]*")
_BLANK = frozenset(" \u3000")
_MARKS_BEHIND = "。！？!?；;，,、…”）)"
_LONGEST_HEADING = 60
_LONGEST_RUN_IN = 45  # characters of a heading that text follows in its line
_LONGEST_ITEM = 24  # the same for 一是
_LONGEST_BARE = 16  # characters of a heading without a number
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_FIGURE = re.compile(
    r"\d(?!\d*年|\d*月)\d*(?:\.\d+)?[ ]?(?:[万亿]|%|元|个|人|户|亩|家|项|处|公里|吨|次|名)"
)


def build(clean: str, kinds: Sequence[Kind], facts: Facts) -> tuple[list[Section], list[Sentence]]:
    """Sections and sentences of a clean text whose lines have the given kinds."""
    outline = _Outline(clean, facts)
    at = 0
    for number, line in enumerate(clean.split("\n")):
        if line and kinds[number] is Kind.BODY:
            outline.paragraph(at, at + len(line), line)
        at += len(line) + 1
    return outline.finish()


class _Outline:
    """The tree as it grows, paragraph by paragraph.

    `_path` holds the open sections, outermost first, with their ranks: the level, and for a
    section without a heading half a level more than what it stands in, so that it holds
    whatever is deeper (下一步，…：（一）… （二）…).
    """

    def __init__(self, clean: str, facts: Facts) -> None:
        self.clean = clean
        self.title = facts.title
        day = facts.period.end if facts.period else facts.date
        self.year = day.year if day else None
        self.end = day  # of what the document reports on
        self.sections = [Section(0, len(clean), "", 0, _outlook_of_title(facts.title), -1)]
        self.sentences: list[Sentence] = []
        self._path: list[tuple[int, float]] = [(0, 0.0)]
        self._paragraph = -1
        self._calm = not any(mark in clean for mark in _OTHER_ENDS)  # no end but 。
        self._text = False  # running text has been seen
        self._bare = 0  # number of the open section with a bare heading
        self._one_paragraph = 0  # number of a section that ends with its paragraph

    def paragraph(self, start: int, end: int, line: str) -> None:
        """The next paragraph, `clean[start:end]`."""
        self._paragraph += 1
        first = line[0]
        numbered = first in _NUMBER_STARTS or first.isdecimal()
        match = _NUMBERING.match(line) if numbered else None
        if match:
            self._numbered(start, end, line, match)
        elif self._is_bare_heading(line):
            open_ = self._path[-1][0]
            self._open(start, 1 if open_ in (0, self._bare) else 3, line)
            self._bare = len(self.sections) - 1
            self._add(start, end, heading=True)
        elif not self._text and self._is_title(line):
            self._add(start, end, heading=True)
        else:
            self._by_first_words(start, line)
            self._running(start, end)

    def _numbered(self, start: int, end: int, line: str, match: re.Match[str]) -> None:
        level = _LEVELS[match.lastgroup or "l4"]
        if line[0] == "【":
            # 【下步打算】全年…
            self._open(start, level, match.group().strip("【】"))
            self._add(start, start + match.end(), heading=True)
            if match.end() < len(line):
                self._running(start + match.end(), end)
            return
        first = _SENTENCE_END.search(line)
        stop = first.end() if first else end - start
        heading = line[match.end() : stop].rstrip("。！？!?：:")
        whole = first is None and len(line) <= _LONGEST_HEADING
        self._open(start, level, heading[:80] if whole else heading[:_LONGEST_RUN_IN])
        if level < 4 and whole:
            self._add(start, end, heading=True)
            return
        item = level == 4 and stop == len(line)
        self._running(start, end, titled=not item and _is_heading(heading, level))

    def _is_bare_heading(self, line: str) -> bool:
        """A short line without a number that is a heading: 自然情况：, 工作打算."""
        text = line.rstrip("：:")
        if len(text) > _LONGEST_BARE or line[-1] in _MARKS_BEHIND or not self.sentences:
            return False
        if not self._text and len(self.sections) == 1:
            return False
        if len(text) < len(line):
            return "，" not in text and text.endswith(_bare("with_colon"))
        if not text.endswith(_bare("without")) and _outlook_of(text) is None:
            return False
        return not any(re.fullmatch(pattern, text) for pattern in _bare("signed"))

    def _is_title(self, line: str) -> bool:
        """The title and the lines around it."""
        if line == self.title:
            return True
        return len(line) <= 40 and line[-1] not in "。！？；，、：:" and "，" not in line

    def _by_first_words(self, start: int, line: str) -> None:
        """下一步，… opens a section that looks ahead, until the next heading."""
        head = line[:60]
        ahead = _pattern("ahead").match(head) is not None
        year = _YEAR.match(head)
        if year and not ahead and self.year and int(year[1]) > self.year:
            ahead = _pattern("will").search(head) is not None
        current = self.sections[self._path[-1][0]]
        if ahead and current.outlook is not Outlook.AHEAD:
            self._open(start, 0, "", Outlook.AHEAD, int(year[1]) if year else None)
        elif not ahead and current.outlook is Outlook.BACK and _tells_problems(line):
            self._open(start, 0, "", Outlook.PROBLEMS)
            self._one_paragraph = len(self.sections) - 1
        elif self._one_paragraph == self._path[-1][0] != 0:
            self._path.pop()
            self._resume(start)

    def _resume(self, start: int) -> None:
        """The section around goes on behind a paragraph of its own kind."""
        number, rank = self._path.pop()
        around = self.sections[number]
        self._path.append((len(self.sections), rank))
        self.sections.append(
            Section(
                start,
                len(self.clean),
                around.heading,
                around.level,
                around.outlook,
                around.parent,
                around.year,
                around.period,
            )
        )

    def _running(self, start: int, end: int, titled: bool = False) -> None:
        """Sentences of running text; 一是 within it opens a section of its own."""
        self._text = True
        clean, sentences = self.clean, self.sentences
        paragraph, section = self._paragraph, self._path[-1][0]
        at = start
        for stop in _stops(clean, start, end, self._calm):
            sentences.append(Sentence(at, stop, section, paragraph, titled))
            titled = False
            at = stop
            if at == end:
                return
            while (first := clean[at]) in _BLANK:
                at += 1
                if at == end:
                    return
            if first in _INSIDE_STARTS and (run := _INSIDE.match(clean, at, end)):
                closing = _SENTENCE_END.search(clean, at, end)
                heading = clean[run.end() : closing.start() if closing else end]
                self._open(at, 4, heading[:_LONGEST_RUN_IN])
                titled = closing is not None and closing.end() < end and _is_heading(heading, 4)
                section = self._path[-1][0]
        if at < end:
            sentences.append(Sentence(at, end, section, paragraph, titled))

    def _add(self, start: int, end: int, heading: bool) -> None:
        section = self._path[-1][0]
        self.sentences.append(Sentence(start, end, section, self._paragraph, heading))

    def _open(
        self,
        start: int,
        level: int,
        heading: str,
        outlook: Outlook | None = None,
        year: int | None = None,
    ) -> None:
        """A section begins; level 0 for one without a heading in the one that is open."""
        rank = float(level) or self._path[-1][1] + 0.5
        while len(self._path) > 1 and self._path[-1][1] >= rank:
            self._path.pop()
        parent = self._path[-1][0]
        around = self.sections[parent]
        period = None
        if heading:
            named = headed_year(heading) if "年" in heading or "20" in heading else None
            if outlook is None:
                outlook = _outlook_of(heading)
            if outlook is None and named and self.year and named > self.year:
                outlook = Outlook.AHEAD
            year = year or named
            if "年" in heading or "月" in heading or "季度" in heading:
                period = headed_period(heading, year or around.year or self.year)
                if outlook is None and self.end and period and period.start:
                    outlook = Outlook.AHEAD if period.start > self.end else None
        self._path.append((len(self.sections), rank))
        self.sections.append(
            Section(
                start,
                len(self.clean),
                heading,
                level or min(around.level + 1, 4),
                outlook or around.outlook,
                parent,
                year or around.year,
                period or around.period,
            )
        )

    def finish(self) -> tuple[list[Section], list[Sentence]]:
        """Each section ends where the next one begins."""
        for section, following in zip(self.sections, self.sections[1:], strict=False):
            section.end = following.start
        return self.sections, self.sentences


def _stops(text: str, start: int, end: int, calm: bool) -> list[int]:
    """Where the sentences of a paragraph end, each with its closing marks.

    `calm` tells that the text has no mark that ends a sentence but the full stop.
    """
    if not calm and _OTHER_END.search(text, start, end):
        return [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
    found: list[int] = []
    at = text.find("。", start, end)
    while at >= 0:
        at += 1
        if at < end and text[at] in _GOES_ON:
            match = _SENTENCE_END.match(text, at - 1, end)
            at = match.end() if match else at
        found.append(at)
        at = text.find("。", at, end)
    return found


_OTHER_ENDS = "！？!?"
_OTHER_END = re.compile(f"[{_OTHER_ENDS}]")
_GOES_ON = frozenset("。”’）)》」』】")


def _is_heading(text: str, level: int) -> bool:
    """Whether the first sentence of a numbered paragraph is a heading and no statement."""
    if not text or len(text) > _LONGEST_RUN_IN:
        return False
    if level == 4:
        return len(text) <= _LONGEST_ITEM and not any(c.isdigit() for c in text)
    return not _FIGURE.search(text)


def _tells_problems(line: str) -> bool:
    """在看到成绩的同时，… 不足: the paragraph tells what is wrong."""
    if not _pattern("lacking").search(line[:120]):
        return False
    return _pattern("problems").match(line) is not None


def _outlook_of(heading: str) -> Outlook | None:
    """Where a heading looks, None when it does not say."""
    if not _cue("any").search(heading):
        return None
    if _cue("rules").search(heading) and not _cue("back").search(heading):
        return Outlook.RULES
    if _cue("problems").search(heading):
        return Outlook.PROBLEMS  # as far as 下一步 where it tells of that too
    return Outlook.BACK if _cue("back").search(heading) else Outlook.AHEAD


def _outlook_of_title(title: str | None) -> Outlook:
    """A document that is nothing but a plan looks ahead from its first word."""
    if title and not _cue("report").search(title):
        if _cue("plans").search(title) or _cue("ahead").search(title):
            return Outlook.AHEAD
        if any(word in title for word in lexicon.toml("restore/headings.toml")["rules"]["titles"]):
            return Outlook.RULES
    return Outlook.BACK


@cache
def _cue(name: str) -> re.Pattern[str]:
    table = lexicon.toml("restore/headings.toml")
    whole = {"any": ("problems", "back", "ahead", "rules"), "report": ("back", "report")}
    names = whole.get(name, (name,))
    return re.compile("|".join(word for n in names for word in table[n]["words"]))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """First words of a paragraph, and words that must follow in it."""
    words = lexicon.toml("restore/headings.toml")["paragraph"][name]
    if name == "problems":
        return re.compile(f".{{0,24}}?(?:{'|'.join(words)})")
    return re.compile(words if isinstance(words, str) else "|".join(words))


@cache
def _bare(name: str) -> tuple[str, ...]:
    return tuple(lexicon.toml("restore/headings.toml")["bare"][name])
