"""Paragraphs to a tree of sections and to sentences: what stands under which heading.

A heading is a numbered line without a full stop, or the first sentence of a numbered paragraph
`（一）坚持转型升级，经济发展集聚新动能。今年以来…`. Where a section looks (back, ahead, at
problems) is said by the words of its heading, which stand in `seeds/restore/headings.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from schemas.document import Facts, Outlook, Period, Section, Sentence
from transforms import lexicon
from transforms.restore.furniture import Kind
from transforms.restore.titles import headed_period, headed_year

_NUMBERING = re.compile(
    r"""[ \u3000]*(?:
      (?P<l1>第[一二三四五六七八九十]{1,3}(?:部分|章|节)|[一二三四五六七八九十]{1,3}[ \u3000]?(?:[、．]|\.(?!\d)))
    | (?P<l2>（[ ]?[一二三四五六七八九十]{1,3}[ ]?）|\([一二三四五六七八九十]{1,3}\))
    | (?P<l3>\d{1,2}[ ]?(?:、|[.．](?!\d)|\.(?=(?:19|20)\d\d年)))
    | (?P<l4>[（(]\d{1,2}[）)]|[①-⑳]|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，、]|首先，|其次，|再次，|最后，)
    )""",
    re.VERBOSE,
)
_LEVELS = {"l1": 1, "l2": 2, "l3": 3, "l4": 4}
_SENTENCE_END = re.compile(r"[。！？!?]+[”’）)》」』】]*")
_RUN_IN = re.compile(r"(?<=[。；：！？])(?:[一二三四五六七八九十]{1,2}是|（\d{1,2}）|\d{1,2}[.、](?!\d))")
_LONGEST_HEADING = 60
_LONGEST_RUN_IN = 45
_BARE = 26  # characters of a heading without a number
_SIGNED = re.compile(r".{2,40}(?:委员会|政府|局|办公室|办事处|委|人大|中心|站|院|学校)$|.{0,14}年.{1,3}月.{1,3}日$")


def build(
    clean: str, kinds: Sequence[Kind], facts: Facts
) -> tuple[list[Section], list[Sentence]]:
    """Sections and sentences of a clean text whose lines have the given kinds."""
    outline = _Outline(clean, facts)
    at = 0
    for number, line in enumerate(clean.split("\n")):
        if kinds[number] is Kind.BODY and line:
            outline.paragraph(at, at + len(line), line)
        at += len(line) + 1
    return outline.finish()


class _Outline:
    """The tree as it grows, paragraph by paragraph."""

    def __init__(self, clean: str, facts: Facts) -> None:
        self.clean = clean
        self.facts = facts
        self.year = facts.period.end.year if facts.period else facts.date.year if facts.date else None
        begins = _plan_title(facts.title)
        self.sections = [Section(0, len(clean), "", 0, begins, -1)]
        self.sentences: list[Sentence] = []
        self._path = [0]  # the open sections, outermost first
        self._paragraph = -1
        self._fresh = True

    def paragraph(self, start: int, end: int, line: str) -> None:
        """The next paragraph, `clean[start:end]`."""
        self._paragraph += 1
        match = _NUMBERING.match(line)
        if match:
            self._numbered(start, end, line, match)
            return
        if self._bare_heading(line):
            self._open(start, 1 if self._path == [0] or self._bare_only() else 3, line, bare=True)
            self._sentence(start, end, heading=True)
            return
        if len(line) <= 40 and self._title_like(start, line):
            self._sentence(start, end, heading=True)
            return
        self._by_first_words(start, line)
        self._running(start, end)

    def _numbered(self, start: int, end: int, line: str, match: re.Match[str]) -> None:
        level = _LEVELS[match.lastgroup or "l4"]
        first = _SENTENCE_END.search(line)
        stop = first.end() if first else len(line)
        heading = line[match.end() : stop].rstrip("。！？!?：:")
        whole = stop == len(line) and (first is None or len(line) <= _LONGEST_HEADING)
        if level == 4:
            self._open(start, 4, heading if len(heading) <= _LONGEST_RUN_IN else heading[:20])
            self._running(start, end, titled=_is_title(heading, 4) and not whole)
            return
        if level == 1 and self._by_item(line):
            level = 1
        self._open(start, level, heading if len(heading) <= 80 else heading[:40])
        if whole and first is None and len(line) <= _LONGEST_HEADING:
            self._sentence(start, end, heading=True)
        else:
            self._running(start, end, titled=_is_title(heading, level))

    def _by_item(self, line: str) -> bool:
        return False

    def _bare_heading(self, line: str) -> bool:
        """A short line without a number that is a heading: 自然情况：, 工作打算."""
        if len(line) > _BARE or line[-1] in "。！？!?；;，,、…”）)" or not self.sentences:
            return False
        text = line.rstrip("：:")
        if line[-1] in "：:":
            return len(text) <= 16 and "，" not in text and self._seen_text() and bool(_NOUNS.search(text))
        return len(text) <= 16 and self._seen_text() and (
            _outlook_of(text) is not None or bool(_NOUN_END.search(text))
        ) and not _SIGNED.fullmatch(text)

    def _seen_text(self) -> bool:
        return any(not s.heading for s in self.sentences[-8:]) or len(self.sections) > 1

    def _bare_only(self) -> bool:
        return self.sections[self._path[-1]].level == 1 and self._bare_path

    _bare_path = False

    def _title_like(self, start: int, line: str) -> bool:
        """The title and the lines around it."""
        return line == self.facts.title or (
            not any(not s.heading for s in self.sentences) and line[-1] not in "。！？；，、"
            and "，" not in line and line[-1] not in "：:"
        )

    def _by_first_words(self, start: int, line: str) -> None:
        """下一步，… opens a section that looks ahead, until the next heading."""
        head = line[:60]
        ahead = _paragraph_ahead().match(head) is not None
        year = _YEAR.match(head)
        if year and not ahead and self.year and int(year.group(1)) > self.year:
            ahead = _WILL.search(head) is not None
        current = self.sections[self._path[-1]]
        if ahead and current.outlook is not Outlook.AHEAD:
            self._open(start, min(current.level + 1, 4) or 1, "", Outlook.AHEAD, year=int(year.group(1)) if year else None)
        elif (
            not ahead
            and _paragraph_problems().match(head)
            and _problems().search(line[:120])
            and current.outlook is Outlook.BACK
        ):
            self._open(start, min(current.level + 1, 4) or 1, "", Outlook.PROBLEMS)
            self._one_paragraph = len(self.sections) - 1
        elif getattr(self, "_one_paragraph", -1) == self._path[-1]:
            self._path.pop()
            self._resume(start)

    def _resume(self, start: int) -> None:
        """The section around goes on behind a paragraph of its own kind."""
        around = self.sections[self._path[-1]]
        index = len(self.sections)
        self.sections.append(
            Section(start, len(self.clean), around.heading, around.level, around.outlook, around.parent, around.year, around.period)
        )
        self._path[-1] = index

    def _running(self, start: int, end: int, titled: bool = False) -> None:
        """Sentences of running text; 一是 within it opens a section of its own."""
        clean, add = self.clean, self.sentences.append
        paragraph, section = self._paragraph, self._path[-1]
        at = start
        for match in _SENTENCE_END.finditer(clean, start, end):
            stop = match.end()
            add(Sentence(at, stop, section, paragraph, titled))
            titled = False
            at = stop
            while at < end and clean[at] in " \u3000":
                at += 1
            if at < end and clean[at] in _RUN_STARTS and (run := _INSIDE.match(clean, at, end)):
                first = _SENTENCE_END.search(clean, at, end)
                heading = clean[run.end() : first.start() if first else end]
                self._open(at, 4, heading[:_LONGEST_RUN_IN])
                titled = _is_title(heading, 4) and first is not None and first.end() < end
                section = self._path[-1]
        if at < end:
            add(Sentence(at, end, section, paragraph, titled))

    def _sentence(self, start: int, end: int, heading: bool) -> None:
        self.sentences.append(Sentence(start, end, self._path[-1], self._paragraph, heading))

    def _open(
        self,
        start: int,
        level: int,
        heading: str,
        outlook: Outlook | None = None,
        year: int | None = None,
        bare: bool = False,
    ) -> None:
        while len(self._path) > 1 and self.sections[self._path[-1]].level >= level:
            self._path.pop()
        parent = self._path[-1]
        around = self.sections[parent]
        self._bare_path = bare
        period = None
        if heading:
            named = headed_year(heading) if "年" in heading or "20" in heading else None
            if outlook is None:
                outlook = _outlook_of(heading)
            if outlook is None and named and self.year and named > self.year:
                outlook = Outlook.AHEAD
            year = year or named
            if named or "年" in heading or "月" in heading or "季度" in heading:
                period = headed_period(heading, year or around.year or self.year)
        year = year or around.year
        self.sections.append(
            Section(
                start,
                len(self.clean),
                heading,
                level,
                outlook or around.outlook,
                parent,
                year,
                period or around.period,
            )
        )
        self._path.append(len(self.sections) - 1)

    def finish(self) -> tuple[list[Section], list[Sentence]]:
        """Each section ends where the next one begins."""
        for section, following in zip(self.sections, self.sections[1:], strict=False):
            section.end = following.start
        return self.sections, self.sentences


_NOUNS = re.compile(r"(?:情况|资源|现状|产业|概况|成效|做法|措施|问题|方向|意向|打算|计划|目标|任务|思路|安排|建设|工作|优势|条件|经济|发展|民生|特色|荣誉|文化|旅游|交通|区位|历史|人口)$|意向|打算")
_NOUN_END = re.compile(r"(?:情况|概况|现状|资源|优势|简介|回顾|总结|成效|经验|措施|打算|思路|计划|安排)$")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_WILL = re.compile(r"将|要|力争|计划|打算|目标|继续|必将|是.{0,12}(?:收官|开局|关键)之年")
_RUN_STARTS = frozenset("一二三四五六七八九十（第0123456789")
_INSIDE = re.compile(r"(?:[一二三四五六七八九十]{1,2}是|（\d{1,2}）|\d{1,2}[.、](?!\d)|第[一二三四五六七八九十]，)")
_DIGITS = re.compile(r"\d")


def _is_title(heading: str, level: int) -> bool:
    """Whether the first sentence of a numbered paragraph is a heading and no statement."""
    if len(heading) > _LONGEST_RUN_IN or not heading:
        return False
    if level == 4:
        return len(heading) <= 24 and not _DIGITS.search(heading)
    return not _FIGURE.search(heading)


_FIGURE = re.compile(r"\d(?!\d*年|\d*月)\d*(?:\.\d+)?[ ]?(?:[万亿]|%|元|个|人|户|亩|家|项|处|公里|吨|次|名)")


@cache
def _cue(name: str) -> re.Pattern[str]:
    table = lexicon.toml("restore/headings.toml")
    if name == "any":
        words = [w for n in ("problems", "back", "ahead") for w in table[n]["words"]]
    else:
        words = table[name]["words"]
    return re.compile("|".join(words))


def _outlook_of(heading: str) -> Outlook | None:
    """Where a heading looks, None when it does not say."""
    if not _cue("any").search(heading):
        return None
    if _cue("problems").search(heading):
        return Outlook.AHEAD if _cue("ahead").search(heading) else Outlook.PROBLEMS
    if _cue("back").search(heading):
        return Outlook.BACK
    if _cue("ahead").search(heading):
        return Outlook.AHEAD
    return None


def _plan_title(title: str | None) -> Outlook:
    """A document that is nothing but a plan looks ahead from its first word."""
    if title and _cue("ahead").search(title) and not _cue("back").search(title) and "报告" not in title and "汇报" not in title:
        return Outlook.AHEAD
    return Outlook.BACK


@cache
def _paragraph_ahead() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/headings.toml")["paragraph"]["ahead"]))


@cache
def _paragraph_problems() -> re.Pattern[str]:
    words = lexicon.toml("restore/headings.toml")["paragraph"]["problems"]
    return re.compile(f".{{0,24}}?(?:{'|'.join(words)})")


def _problems() -> re.Pattern[str]:
    return re.compile(r"不足|问题|差距|短板|困难|薄弱")


def span_of(period: Period) -> tuple[date | None, date]:
    """The period as a pair of days."""
    return period.start, period.end
