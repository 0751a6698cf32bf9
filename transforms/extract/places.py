"""Which place or body each figure is about: the document's own, or one its clause names.

A body is told by the ending of its name (村, 镇, 公司, 派出所) and by where it stands: at the
head of a clause as its subject, or right in front of the figure. It carries on through its
sentence until another subject or the document's own place (全镇, 我镇) takes over. The words
stand in `seeds/cues/places.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from schemas.document import Document, Sentence
from schemas.mention import Mention
from transforms import lexicon
from transforms.extract import segments
from transforms.extract.chains import chain
from transforms.extract.sentences import Figured


def assign(
    document: Document, sentences: Sequence[Figured], mentions: Sequence[Mention]
) -> list[str]:
    """The place of every mention, "" when the document names none; in the text's order."""
    walk = _Walk(document, document.facts.place or "")
    found: list[str] = []
    for _, sentence, first, last in sentences:
        found.extend(walk.places(sentence, mentions[first:last]))
    return found


def rank_scope(document: Document, mention: Mention) -> str | None:
    """The area a rank is counted in (全市, 温州, 全县), None when its sentence names none."""
    clean = document.clean
    start = max(0, mention.start - 60)
    for mark in "。！？\n":
        start = max(start, clean.rfind(mark, start, mention.start) + 1)
    before = clean[start : mention.start]
    if match := _named_scope().search(before):
        return match["scope"]
    scopes = _common_scope().findall(before)
    return scopes[-1] if scopes else None


class _Walk:
    """What the clauses read so far are about."""

    def __init__(self, document: Document, own: str) -> None:
        self._clean = document.clean
        self._own = own
        self._core = _core(own)
        self._before, self._until = own, -1  # subject and end of the last sentence read
        self._paragraph = -1
        self._headed = ""  # the body that heads the paragraph: 张家村：…

    def places(self, sentence: Sentence, mentions: Sequence[Mention]) -> list[str]:
        """The places of the figures of one sentence that has some."""
        clean = self._clean
        if sentence.paragraph != self._paragraph:
            self._paragraph, self._headed = sentence.paragraph, ""
        home = self._headed or self._own
        near = sentence.start - self._until <= 2
        subject = (
            self._before
            if near and _carries_on().match(clean, sentence.start, sentence.end)
            else home
        )
        tells = [m.start() for m in _telling().finditer(clean, sentence.start, sentence.end)]
        has_own = self._has_own(sentence.start, sentence.end)
        if not tells and not has_own and subject == home:
            self._before, self._until = home, sentence.end
            return [home] * len(mentions)
        found: list[str] = []
        outer: list[str] = []
        k = 0
        figured = False  # whether the piece before has a figure
        opening = _number().match(clean, sentence.start, sentence.end)  # （二）白石镇签约7个
        last = opening.end() if opening else sentence.start
        tells.append(sentence.end)
        told = 0
        for piece in _PIECE.finditer(clean, last, sentence.end):
            start, end = piece.span()
            marks, last = clean[last:start], end
            for mark in marks if marks not in _FLAT else "":
                if mark in "（(":
                    outer.append(subject)
                elif mark in "）)":
                    subject = outer.pop() if outer else subject
                elif mark in "；;":
                    subject = home
            first = k
            while k < len(mentions) and mentions[k].start < end:
                k += 1
            while tells[told] < start:
                told += 1
            named = None
            telling = tells[told] < end or (has_own and self._has_own(start, end))
            if telling and marks[-1:] not in _CLOSING:
                named = self._subject(start, end)
                if named is None and k > first:
                    named = self._whole(start, mentions[first])
            if named:
                name, behind = named
                touching = k > first and behind in (mentions[first].start, mentions[first].lead)
                if name == self._own:
                    taken = not marks.endswith("、")
                elif marks.endswith("、"):
                    taken = touching and figured
                else:
                    taken = touching or clean[end : end + 1] != "、" or behind < end
                if taken and not (touching and _counts(name, mentions[first])):
                    subject = name
                if clean[end : end + 1] in ("：", ":") and start - sentence.start <= 6:
                    self._headed = home = subject
            figured = k > first
            if figured:
                found.extend([subject] * (k - first))
        found.extend([subject] * (len(mentions) - len(found)))
        self._before, self._until = subject, sentence.end
        for number, name in self._shared_out(sentence, mentions):
            found[number] = name
        return found

    def _shared_out(
        self, sentence: Sentence, mentions: Sequence[Mention]
    ) -> Iterator[tuple[int, str]]:
        """临江社区、文庙社区接种率分别为90%和86%: the number of each figure, and its place."""
        clean = self._clean
        for match in _apportions().finditer(clean, sentence.start, sentence.end):
            stop = match.start()
            stop -= clean[stop - 1 : stop] == "，"  # 前三位的是溪源镇、城关镇，分别增长
            start = max(sentence.start, stop - _LONGEST_LIST)
            start = max(start, *(clean.rfind(mark, start, stop) + 1 for mark in "，；：。是"))
            parts = _LISTED.split(clean[start:stop])
            names = [_named(part[:_REACH]) for part in parts]
            if len(parts) < 2:
                continue
            found = chain(clean, mentions, match.end(), len(parts))
            for number, name in zip(found, names, strict=False):
                if name is not None and all(names):
                    yield number, name[0]

    def _subject(self, start: int, end: int) -> tuple[str, int] | None:
        """What heads a clause and where its name ends; the document's own place included."""
        clean = self._clean
        match = _lead().match(clean, start, end)
        start = match.end() if match else start
        if start >= end:
            return None
        if self._core and clean.startswith(self._core, start):
            if clean.startswith(self._own, start):
                start += len(self._own)
                inner = _named(clean[start : min(end, start + _REACH)])
                return (inner[0], start + inner[1]) if inner else (self._own, start)
            inner = _named(clean[start : min(end, start + _REACH)])
            if inner and not self._is_own(inner[0]):
                return inner[0], start + inner[1]
            return self._own, start + len(self._core)
        if match := _reset().match(clean, start, end):
            return self._own, match.end()
        if match := _this().match(clean, start, end):
            return self._back_to(match.group()[1:], start), match.end()
        named = _named(clean[start : min(end, start + _REACH)])
        if named is None and (match := _through().search(clean, start, end)):
            start = match.end()
            named = _named(clean[start : min(end, start + _REACH)])
        if named is None:
            return None
        name, length = named
        if name.endswith(_offices()) and _speakers().match(clean, start + length):
            return None  # 市林业局相关负责人透露
        if self._is_own(name) or (self._core and clean.startswith(self._core, start + length)):
            return self._own, start + length
        return name, start + length

    def _whole(self, start: int, figure: Mention) -> tuple[str, int] | None:
        """An area that is all that stands in front of a figure: 其中[保华镇]2户."""
        match = _lead().match(self._clean, start, figure.lead)
        name = self._clean[match.end() if match else start : figure.lead]
        if figure.kind == "rank" or figure.unit in _COUNTING or not is_area(name):
            return None
        return name, figure.lead

    def _has_own(self, start: int, end: int) -> bool:
        return bool(self._core) and self._clean.find(self._core, start, end) >= 0

    def _is_own(self, name: str) -> bool:
        return bool(self._own) and name.endswith((self._own, self._core))

    def _back_to(self, ending: str, position: int) -> str:
        """The last name before `position` with the same ending; the own place has the first say."""
        if self._own.endswith(ending):
            return self._own
        head = self._clean[max(0, position - _BACK) : position]
        at = head.rfind(ending)
        while at > 0:
            words = segments.cut(head[max(0, at - 6) : at + len(ending)])
            name = ""
            for word, tag in reversed(words):
                if not name and not word.endswith(ending):
                    break
                if name and not _is_inside(word, tag):
                    break
                name = word + name
            named = len(name) > len(ending) + 1 or (len(name) > len(ending) and len(name) > 2)
            if named and not _not_names().search(name):
                return name
            at = head.rfind(ending, 0, at)
        return self._own


@cache
def _number() -> re.Pattern[str]:
    """The number that a paragraph begins with, as the restoration of lines knows it."""
    return re.compile("|".join(lexicon.toml("restore/lines.toml")["numbering"]["strong"]))


@cache
def _offices() -> tuple[str, ...]:
    return tuple(lexicon.toml("cues/places.toml")["speakers"]["of"])


@cache
def _speakers() -> re.Pattern[str]:
    return re.compile(lexicon.toml("cues/places.toml")["speakers"]["pattern"])


_REACH = 24
_BACK = 800  # characters that 该村 looks back
_LONGEST_LIST = 120  # characters of a list of places
_LISTED = re.compile("[、和及与]")
_FLAT = frozenset("，、,")
_CLOSING = frozenset("）)")
_PIECE = re.compile(r"[^，,；;：:。！？、（）()\n]+")


def _core(place: str) -> str:
    """西天尾镇 → 西天尾."""
    core = re.sub(r"(?:自治[州县]|街道|[省市县区镇乡村旗])$", "", place)
    return core if len(core) >= 2 else place


@lru_cache(maxsize=16384)
def _named(text: str) -> tuple[str, int] | None:
    """The body whose name the text begins with, and how long the name is.

    Words are taken up while they can be part of a name; the longest beginning that ends like
    a body (河北省邢台市宁晋县, 镇司法所) counts.
    """
    if not _ends_body(text):
        return None
    if match := _bare().match(text):
        return match.group(), match.end()
    best: tuple[str, int] | None = None
    name = part = ""
    words: list[tuple[str, str]] = []
    for word, tag in segments.cut(text):
        whole = part + word
        words.append((word, tag))
        ending = _ending_of(whole)
        if not ending and not _is_inside(word, tag):
            break
        if not name and len(word) > 1 and word[0] in _letters("first") and not ending:
            break
        name, part = name + word, whole
        if not ending:
            continue
        if word != whole and tag == "ns" and len(word) > len(ending) + 1:
            break  # 地处 | 吉林省
        if whole == ending:
            if not best or len(best[0]) + len(word) != len(name):
                part = whole
                continue
            best = name, len(name)  # 七里新村 | 社区
            words = []
        elif _is_name(whole, ending, words):
            best = name if not _is_area(ending) else whole, len(name)
            part = ""
            words = []
    if best and (match := _PHASE.match(text, best[1])):
        best = best[0] + match.group().strip("（）()"), match.end()
    return best


_PHASE = re.compile(r"[一二三四]期|[（(][一二三四]期[)）]")


def _is_inside(word: str, tag: str) -> bool:
    """Whether a word can stand inside the name of a body."""
    if len(word) == 1:
        return word in "“”·" or ("一" <= word <= "龥" and word not in _letters("function"))
    if word in _inside():
        return True
    return tag[0] in "nabfszljgh" or tag == "x" or (tag == "m" and not word.isascii())


def _is_name(whole: str, ending: str, words: Sequence[tuple[str, str]]) -> bool:
    """Whether the name, cut into `words`, is that of one body, not of a kind of them."""
    stem = whole[: -len(ending)]
    word, tag = words[-1]
    if _ALL_NUMERALS.fullmatch(stem) or stem.count("“") != stem.count("”"):
        return False
    if "“" in stem:
        return stem[0] == "“" and stem[-1] == "”"
    if _is_area(ending):
        verbal = word != whole and stem[0] in _letters("first")
        if not 1 < len(whole) <= 9 or verbal or _not_names().search(whole):
            return False
        if ending in _village_endings():
            return all(len(w) <= 2 or t in _PROPER for w, t in words[:-1])
        return (len(stem) > 1 or tag == "ns") and all(
            len(w) == 1 or t in _PROPER for w, t in words if w != ending and w != whole
        )
    if _not_names().search(stem):
        return False
    if len(words) == 1:
        return tag in _PROPER
    return stem[0] in _OF_AREA or any(
        t in _PROPER or (len(w) == 1 and t not in ("a", "f", "b")) for w, t in words[:-1]
    )


_PROPER = frozenset(("ns", "nt", "nz", "nr", "nrt", "nrfg", "x"))
_OF_AREA = frozenset("镇乡县市区")  # 镇司法所, 县城移民新区, but 村卫生室 are many


@lru_cache(maxsize=4096)
def is_area(text: str) -> bool:
    """Whether `text` looks like the name of an area: 保华镇, 凤凰街道, but not 受灾村, 示范社区."""
    ending = _ending_of(text)
    stem = text[: -len(ending)]
    if not ending or not _is_area(ending) or not 2 <= len(stem) <= 4:
        return False
    if _not_names().search(text) or _ALL_NUMERALS.fullmatch(stem):
        return False
    words = segments.cut(stem)
    if len(words) == 1:
        return words[0][1][0] in "nxzg"
    return all(len(w) == 1 or t[0] in "nxzg" for w, t in words) and not any(
        w in _letters("function") for w, _ in words
    )


def _counts(name: str, mention: Mention) -> bool:
    """Whether the figure counts bodies of the name's kind (农业合作社136个) or ranks among them."""
    if mention.kind == "rank":
        return True
    return not _is_area(_ending_of(name)) and mention.unit in _COUNTING


_COUNTING = frozenset("家个所座处间栋条支")
_ALL_NUMERALS = re.compile(
    "[一二三四五六七八九十两几多数百千]+[个家所处条座名位户间项批类种支只头栋]?"
)


def _is_area(ending: str) -> bool:
    return ending in _area_endings()


def _ending_of(text: str) -> str:
    """The longest ending of a body that the text ends with, or ""."""
    endings, lengths, letters = _endings()
    for length in lengths if text[-1:] in letters else ():
        if text[-length:] in endings:
            return text[-length:]
    return ""


def _words(name: str, key: str = "words") -> tuple[str, ...]:
    return tuple(lexicon.toml("cues/places.toml")[name][key])


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _area_endings() -> frozenset[str]:
    areas = lexicon.toml("cues/places.toml")["areas"]
    return frozenset(word for words in areas.values() for word in words)


@cache
def _village_endings() -> frozenset[str]:
    return frozenset(lexicon.toml("cues/places.toml")["areas"]["village"])


@cache
def _endings() -> tuple[frozenset[str], tuple[int, ...], frozenset[str]]:
    """What the names of bodies end with, their lengths, longest first, and last letters."""
    endings = _area_endings().union(_words("bodies"), _words("bare"))
    lengths = sorted({len(ending) for ending in endings}, reverse=True)
    return endings, tuple(lengths), frozenset(ending[-1] for ending in endings)


@cache
def _any_ending() -> re.Pattern[str]:
    return re.compile(_any(_shortest((*_area_endings(), *_words("bodies"), *_words("bare")))))


@cache
def _telling() -> re.Pattern[str]:
    """What a clause must hold to have a subject, unless it holds the document's own place.

    Most clauses hold none of it and need not be cut into words.
    """
    endings = (*_area_endings(), *_words("bodies"), *_words("bare"))
    words = _shortest((*endings, *_words("reset"), *_words("this")))
    # a set of last letters first, which a search skips to, and the words of a length behind
    letters = "".join(sorted({word[-1] for word in words}))
    lengths = sorted({len(word) for word in words})
    behind = (_any(word for word in words if len(word) == length) for length in lengths)
    return re.compile(f"[{letters}](?:{'|'.join(f'(?<={forms})' for forms in behind)})")


def _shortest(words: Iterable[str]) -> list[str]:
    """The words that stand wherever one of `words` stands: those that hold no other."""
    every = set(words)
    return [word for word in every if not any(other in word for other in every - {word})]


def _ends_body(text: str) -> bool:
    return _any_ending().search(text) is not None


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(_words('bare'))})(?![一-龥]{{0,2}}[路道企内外])")


@cache
def _inside() -> frozenset[str]:
    return frozenset(_words("inside"))


@cache
def _letters(key: str) -> frozenset[str]:
    return frozenset(lexicon.toml("cues/places.toml")["not_names"][key])


@cache
def _lead() -> re.Pattern[str]:
    """List marks, times and small words in front of a subject."""
    time = (
        r"(?:截至|截止到?|自)?(?:\d{4}年度?)?(?:\d{1,2}(?:[-—至]\d{1,2})?月份?)?"
        r"(?:\d{1,2}日)?[底末初]?"
    )
    return re.compile(
        rf"[\s　•·]*(?:[一二三四五六七八九十]是)?{time}(?:{_any(_words('lead_in'))})*"
    )


@cache
def _reset() -> re.Pattern[str]:
    return re.compile(_any(_words("reset")))


@cache
def _this() -> re.Pattern[str]:
    return re.compile(_any(_words("this")))


@cache
def _through() -> re.Pattern[str]:
    return re.compile(_any(_words("lead_in", "through")))


@cache
def _not_names() -> re.Pattern[str]:
    return re.compile(_any(_words("not_names")) + r"|[\da-zA-Z]")


@cache
def _carries_on() -> re.Pattern[str]:
    return re.compile(r"[\s　]*其中")


@cache
def _common_scope() -> re.Pattern[str]:
    return re.compile(_any(_words("scopes")))


@cache
def _apportions() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("cues/names.toml")["apportions"]["words"]))


@cache
def _named_scope() -> re.Pattern[str]:
    before = _any(_words("scopes", "before"))
    return re.compile(
        rf"(?:{before})(?P<scope>[^\W\d我名同期年月日为是达列位居排在第]{{2,5}}?[省市县区州]?)(?:排名?|排位|列)?第?$"
    )
