"""What a document says of itself: title, issuer, number, dates, place and reporting period.

Read from the lines of the clean text: fields of the page's head, the head of the document, its
headings, its first sentences and its signature.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

from schemas.document import Facts, Period
from transforms import lexicon
from transforms.period_words import integer
from transforms.restore import furniture, titles, words
from transforms.restore.furniture import Kind

_HEAD = 14  # lines in which the head of a document stands
_TAIL = 8  # lines in which its signature stands
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二][〇零○Ｏ九一二三四五六七八]{3})(?:年|[-./])(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})(?:月|[-./])"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})(?:日|号|(?![\d%]))"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,10}[〔\[［（(【](?:19|20)\d\d[〕\]］）)】] ?第?\d{1,4} ?号"
)
_SIGNER = re.compile(r"签发(?:人)?[：:][ \u3000]*([\u4e00-\u9fff·]{2,5})")
_RECIPIENT = re.compile(r"[\u4e00-\u9fff（）、，·\w ]{2,60}[：:]$")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、．.]|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、](?!\d)"
)
_ORIGINAL = re.compile(
    r"(?:原标题|标题)[：:][ ]?(.{6,60}?)"
    r"(?=[\n 　]|近日|日前|连日来|今年|去年|昨日|昨天|今天|\d{1,2}月\d{1,2}日|$)"
)


class _Line:
    """A line of the clean text with its place and kind."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, text: str, start: int, kind: Kind) -> None:
        self.text, self.start, self.kind = text, start, kind
        self.end = start + len(text)


def read(clean: str, kinds: Sequence[Kind]) -> Facts:
    """The facts of a clean text whose lines have the given kinds."""
    lines = _lines(clean, kinds)
    facts = Facts()
    _fields(facts, lines)
    body = [line for line in lines if line.kind is Kind.BODY and line.text]
    if not body:
        return facts
    _head(facts, body)
    _signature(facts, body)
    _place(facts, clean)
    _period(facts, clean, body)
    return facts


def _lines(clean: str, kinds: Sequence[Kind]) -> list[_Line]:
    found: list[_Line] = []
    at = 0
    for text, kind in zip(clean.split("\n"), kinds, strict=True):
        found.append(_Line(text, at, kind))
        at += len(text) + 1
    return found


def _set(facts: Facts, name: str, value: str | date | None, start: int, end: int) -> None:
    """The first reading of a fact counts."""
    if value and getattr(facts, name) is None:
        setattr(facts, name, value)
        facts.spans[name] = (start, end)


# ---------------------------------------------------------------- fields of the page's head


def _fields(facts: Facts, lines: Sequence[_Line]) -> None:
    for line in lines:
        if line.kind is not Kind.FACT:
            continue
        match = furniture.labels().match(line.text)
        if match is None:
            found = _DATE.search(line.text)
            if found:
                _set(
                    facts,
                    "published",
                    _day(found),
                    line.start + found.start(),
                    line.start + found.end(),
                )
            continue
        name = match.lastgroup or ""
        value = line.text[match.end() :].strip(" \u3000")
        start = line.start + match.end()
        if name in ("signed", "published"):
            if found := _DATE.search(line.text, match.end()):
                _set(facts, name, _day(found), line.start + found.start(), line.start + found.end())
            value = ""
        elif name == "source" and (found := _DATE.search(line.text, match.end())):
            _set(
                facts,
                "published",
                _day(found),
                line.start + found.start(),
                line.start + found.end(),
            )
        if (
            name in ("issuer", "number", "index_number", "title", "signer")
            and value
            and value != "无"
        ):
            first = re.split(r"[ \u3000]{1,}(?=\S{2,6}[：:])", value)[0]
            _set(facts, name, first, start, start + len(first))
        for found in _MORE_FIELDS.finditer(line.text, match.end()):
            kind = "published" if found.group(1) in _PUBLISHED else "signed"
            if day := _DATE.match(line.text, found.end()):
                _set(facts, kind, _day(day), line.start + day.start(), line.start + day.end())


_PUBLISHED = ("发布日期", "发布时间")
_MORE_FIELDS = re.compile(r"(发布日期|发布时间|成文日期|生成日期)[：:][ ]?")


def _day(match: re.Match[str]) -> date | None:
    try:
        found = date(*(integer(match[part]) for part in ("y", "m", "d")))
    except ValueError:
        return None
    return found if 1949 <= found.year <= 2060 else None


# ---------------------------------------------------------------- the head of the document


def _head(facts: Facts, body: Sequence[_Line]) -> None:
    """Number, signer, title, occasion and addressee."""
    before: _Line | None = None
    for position, line in enumerate(body[:_HEAD]):
        text = line.text
        if facts.title is not None and _NUMBERED.match(text):
            break
        if len(text) > 100 and not text.startswith(("原标题", "标题")):
            break
        if len(text) < 60 and "号" in text and (found := _NUMBER.search(text)):
            at = line.start + found.start()
            _set(facts, "number", found.group().replace(" ", ""), at, at + len(found.group()))
            continue
        if len(text) < 40 and "签发" in text and (found := _SIGNER.search(text)):
            at = line.start + found.start(1)
            _set(facts, "signer", found.group(1), at, at + len(found.group(1)))
            continue
        if found := _ORIGINAL.match(text):
            _set(
                facts,
                "title",
                found.group(1),
                line.start + found.start(1),
                line.start + found.end(1),
            )
        if "。" in text or len(text) > 100:
            break
        if (
            facts.title is not None
            and _RECIPIENT.fullmatch(text)
            and "各位" not in text
            and _addressee(text)
        ):
            _set(facts, "recipient", text[:-1], line.start, line.end - 1)
            continue
        if _officer(facts, line):
            continue
        if (day := _DATE.search(text)) and len(text) < 60 and _occasion(text, day):
            _set(facts, "signed", _day(day), line.start + day.start(), line.start + day.end())
            continue
        if _dateline(facts, line):
            continue
        if facts.title is None and position < 8 and _is_title(body, position):
            start, end, title = line.start, line.end, text
            goes_on = before is body[position - 1] and _GOES_ON.match(text)
            if before is not None and goes_on and _is_body(before.text):
                title, start = before.text + text, before.start
            if position + 1 < len(body) and _EDITION.fullmatch(body[position + 1].text):
                title, end = title + body[position + 1].text, body[position + 1].end
            _set(facts, "title", title.replace(" ", ""), start, end)
        before = line


_GOES_ON = re.compile(r"关于|(?:19|20)\d\d年|二[〇零○]")
_EDITION = re.compile(
    r"[（(]第?[一二三四五六七八九十百\d]+[期号次]?[）)]|[（(][^（）()]{0,12}(?:稿|版)[）)]"
)
_DATELINE = re.compile(
    r"[〔【（(\[]?[^〔【（(\[，。]{0,14}?"
    r"(?P<day>(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?)[ \u3000]?.{0,16}"
)


def _dateline(facts: Facts, line: _Line) -> bool:
    """〔2024-03-05　漳平讯〕, 镇防汛办　2021年7月29日: who speaks, and when."""
    text = line.text
    day = _DATE.search(text) if len(text) <= 60 else None
    if day is None:
        return False
    match = _DATELINE.fullmatch(text)
    body = text[: day.start()].strip(" 　（(〔")
    if body and _is_body(body) and not text[day.end() :].strip("）) 　"):
        _set(facts, "signed", _day(day), line.start + day.start(), line.start + day.end())
        body = _word("closing").sub("", body)
        _set(facts, "issuer", body, line.start, line.start + len(body))
        return True
    clocked = _CLOCK.match(text, day.end()) is not None  # 2024-11-18 15:07:16 项学敏
    labelled = text[: day.start()].rstrip(" 　：:").endswith(_published())
    printed = _PAGE_OF_PAPER.fullmatch(text, day.end()) is not None  # 云湖日报 … 第03版
    spoken = match and (text[0] in "〔【（([" or "讯" in text or "电" in text or clocked or printed)
    if spoken or labelled:
        _set(facts, "published", _day(day), line.start + day.start(), line.start + day.end())
        return True
    return False


_PAGE_OF_PAPER = re.compile(r"[ \u3000]*第?[A-Z]?\d{1,3}版")
_CLOCK = re.compile(r"[ \u3000]\d{1,2}[:：]\d{2}")


@cache
def _published() -> tuple[str, ...]:
    """Labels of the day a text was published: 发布日期."""
    return tuple(lexicon.toml("restore/furniture.toml")["labels"]["published"])


def _is_title(body: Sequence[_Line], position: int) -> bool:
    text = body[position].text
    words = lexicon.toml("restore/facts.toml")["title"]
    plain = text.replace(" ", "").replace("\u3000", "")
    if not 2 <= len(plain) <= 80 or plain[-1] in "。；，、：:" or _NUMBERED.match(text):
        return False
    if plain.startswith(("——", "（", "(", "附件")) or (_DATE.match(plain) and len(plain) < 24):
        return False
    if _is_body(plain) and not any(w in plain for w in ("关于", "工作", "总结", "报告")):
        return False
    if position == 0 and plain.endswith(tuple(words["places"])):
        return len(plain) <= 12
    if position < 2 and _word("masthead").fullmatch(plain):
        following = range(position + 1, min(len(body), position + 5))
        return not any(_is_title(body, number) for number in following)
    if any(word in plain for word in words["words"]):
        return True
    return position == 0 and len(plain) >= 8 and len(body) > 1


def _is_body(text: str) -> bool:
    """Whether a line is the name of an issuing body."""
    if len(text) > 200:
        return False
    text = text.replace(" ", "").replace("\u3000", "")
    text = text[:-_CLOSING] + _word("closing").sub("", text[-_CLOSING:])
    return 4 <= len(text) <= 40 and text.endswith(_bodies())


_CLOSING = 12  # characters in which the word stands that may close the name of a body


@cache
def _bodies() -> tuple[str, ...]:
    return tuple(lexicon.toml("restore/facts.toml")["issuer"]["words"])


def _addressee(text: str) -> bool:
    return not _word("not_addressed").search(text)


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(lexicon.toml("restore/facts.toml")["title"][name])


def _occasion(text: str, day: re.Match[str]) -> bool:
    """（2013年7月10日）, ——2012年2月16日在镇人民代表大会上: the day the document speaks."""
    rest = (text[: day.start()] + _HOUR.sub("", text[day.end() :])).strip("（）()—- 　")
    return not rest or text.startswith(("——", "—", "（", "(")) or "会议" in rest


_HOUR = re.compile(r"^[ \u3000]*\d{1,2}(?:时|点|[:：]\d\d)(?:\d{1,2}分)?")


def _officer(facts: Facts, line: _Line) -> bool:
    """焕古镇人民政府镇长 陈世明 → the body is the issuer."""
    if not _offices().search(line.text):
        return False
    match = _officers().fullmatch(line.text)
    if match is None:
        return False
    if match["body"]:
        _set(facts, "issuer", match["body"], line.start, line.start + len(match["body"]))
    return True


@cache
def _offices() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.toml("restore/facts.toml")["issuer"]["officers"]))


@cache
def _officers() -> re.Pattern[str]:
    words = lexicon.toml("restore/facts.toml")["issuer"]
    bodies = "|".join(sorted(words["words"], key=len, reverse=True))
    officers = "|".join(words["officers"])
    return re.compile(
        rf"(?P<body>[\u4e00-\u9fff]{{2,30}}?(?:{bodies}))?[ \u3000]*代?理?副?(?:{officers})"
        r"[ \u3000]*[\u4e00-\u9fff·]{1,4}(?:[ \u3000]+[\u4e00-\u9fff]{1,2})?"
    )


# ---------------------------------------------------------------- the signature


def _signature(facts: Facts, body: Sequence[_Line]) -> None:
    """The last lines: the body that signs, and the day."""
    for position in range(len(body) - 1, max(-1, len(body) - 1 - _TAIL), -1):
        line = body[position]
        if len(line.text) > 60:
            break
        if (day := _DATE.search(line.text)) and not line.text[day.end() :].strip(" 　）)印发"):
            rest = line.text[: day.start()].strip(" 　（(")
            if len(rest) > 40 or "：" in rest:
                continue
            _set(facts, "signed", _day(day), line.start + day.start(), line.start + day.end())
            if rest and _is_body(rest):
                _set(facts, "issuer", rest, line.start, line.start + len(rest))
            signers: list[_Line] = []
            above = position - 1
            while above > 0 and _is_body(body[above].text) and len(body[above].text) <= 40:
                signers.insert(0, body[above])
                above -= 1
            if signers:
                names = "　".join(
                    _word("closing").sub("", s.text).strip(" \u3000") for s in signers
                )
                _set(facts, "issuer", names, signers[0].start, signers[-1].end)
            break
    last = body[-1]
    if facts.issuer is None and len(body) > 1 and len(last.text) <= 30 and _is_body(last.text):
        _set(facts, "issuer", last.text, last.start, last.end)
    for line in body[:6]:
        if facts.issuer is None and _is_body(line.text) and line.text != facts.title:
            _set(facts, "issuer", line.text, line.start, line.end)
    if facts.issuer is None and facts.title and (named := _BODY_IN_TITLE.match(facts.title)):
        start = facts.spans["title"][0]
        _set(facts, "issuer", named.group(), start, start + len(named.group()))


_BODY_IN_TITLE = re.compile(
    r"(?:中共)?[\u4e00-\u9fff]{2,14}?(?:县|区|市|州|旗|镇|乡|街道)[\u4e00-\u9fff]{2,12}?(?:局|委员会|人民政府|办事处|委|办公室)(?=关于|(?:19|20)\d\d年|二〇)"
)


# ---------------------------------------------------------------- the place

_CHAIN = re.compile(
    r"(?:中共|中国共产党)?(?P<province>[\u4e00-\u9fff]{2,5}?(?:自治区|省))?(?P<prefecture>[\u4e00-\u9fff]{2,9}?(?:自治州|地区|盟|市(?!场|政|民|容|域|直)))?"
    r"(?P<county>[\u4e00-\u9fff]{1,9}?(?:自治县|自治旗|县|区|市(?!场|政|民|容|域|直)|旗(?!区)))?(?P<township>[\u4e00-\u9fff]{1,7}?(?:街道|民族乡|镇(?!镇)|(?<!城)乡|苏木))?"
)


_AREA = r"(?P<area>[\u4e00-\u9fff]{2,14}?(?:街道|镇|乡|苏木|县|区|市|旗|州))"
# ——2020年1月8日在永和乡第十八届人民代表大会第五次会议上
_CONGRESS = re.compile(
    rf"在{_AREA}第[一二三四五六七八九十百\d]{{1,4}}(?:届|次)(?:人民代表大会|党代表大会|委员会|党代会|人代会)"
)
# 田湾镇是辰溪县八镇之一, 皂角镇位于什邡市城郊
_INTRODUCTION = re.compile(
    rf"(?:^|(?<=[\n。：]))(?:我们)?{_AREA}(?=位于|地处|坐落|东[邻与接临]|[现下]?辖|隶属|幅员|环绕|是[\u4e00-\u9fff]{{2,6}}[县市区])"
)


@cache
def _overrun() -> re.Pattern[str]:
    """An area and the beginning of what its body deals with: 枫林街道|城市管理."""
    rest = lexicon.toml("restore/facts.toml")["place"]["overrun"]
    return re.compile(
        rf"(?P<area>[\u4e00-\u9fff]{{1,6}}?(?:街道|镇|乡)|[\u4e00-\u9fff]{{2,6}}?[县区市])(?:{rest})"
    )


@cache
def _no_stem() -> re.Pattern[str]:
    return re.compile(lexicon.toml("restore/facts.toml")["place"]["no_stem"])


@cache
def _province() -> re.Pattern[str]:
    """The widest that a bulletin is about, when it names nothing narrower."""
    return re.compile("|".join(lexicon.toml("restore/facts.toml")["place"]["provinces"]))


def _place(facts: Facts, clean: str) -> None:
    """From the title, else the issuer, else the name the text speaks of most."""
    for name in ("title", "issuer"):
        text = getattr(facts, name)
        if text and (place := _named(text)):
            start = facts.spans[name][0]
            _set(facts, "place", place, start, start + len(text))
            return
    for pattern in (_CONGRESS, _INTRODUCTION):
        found = pattern.search(clean, 0, 600)
        if found is not None and (place := _named(found["area"])):
            _set(facts, "place", place, *found.span("area"))
            return
    if (named := _nameless().search(clean, 0, 600)) is not None:
        _set(facts, "place", named["stem"] + named["kind"], *named.span("stem"))
        return
    if place := _grounded(clean):
        at = clean.find(_stem(place))
        _set(facts, "place", place, at, at + len(_stem(place)))
        return
    if place := _led(clean):
        _set(facts, "place", place, clean.find(place), clean.find(place) + len(place))
        return
    if place := _spoken_of(clean, _ENDING) or _zone(clean) or _spoken_of(clean, _VILLAGE):
        at = clean.find(place)
        _set(facts, "place", place, at, at + len(place))


@cache
def _nameless() -> re.Pattern[str]:
    """The subject of what says its own kind: 云溪是白石区西部的一个贫困乡."""
    return re.compile(
        r"(?:^|(?<=[\n。]))(?P<stem>[\u4e00-\u9fff]{2,3})(?:是|系|为)[^，。；\n]{2,18}的一个"
        r"[^，。；\n]{0,6}?(?P<kind>民族乡|乡|镇|街道|村|社区)(?=[，。；])"
    )


def _grounded(clean: str) -> str | None:
    """Whose conditions a report starts from, of the kind it speaks of: 立足云溪实际 … 我镇.

    The name must stand in the text once more.
    """
    table = lexicon.toml("restore/facts.toml")["place"]
    for match in _conditions().finditer(clean, 0, 20_000):
        stem = match["stem"]
        if stem[0] in table["generic"] or words.is_common(stem) or clean.count(stem) < 2:
            continue
        if any(character in _WIDER for character in stem):
            continue
        kinds = table["endings"]
        kind = next((k for k in kinds if f"我{k}" in clean or f"全{k}" in clean), None)
        return stem + kind if kind else None
    return None


@cache
def _conditions() -> re.Pattern[str]:
    start_from = "|".join(lexicon.toml("restore/facts.toml")["place"]["start_from"])
    return re.compile(rf"(?:{start_from})(?P<stem>[\u4e00-\u9fff]{{2,3}})实际")


def _led(clean: str) -> str | None:
    """Whom a report leads with behind its province, without an ending: 浙江|云湖通报.

    The text must go on speaking of it.
    """
    head = clean[:_LEAD]
    table = lexicon.toml("restore/facts.toml")["place"]
    endings, unnamed = table["districts"], tuple(table["behind_no_name"])
    for match in _behind_province().finditer(head):
        for size in (3, 2):
            name = match["name"][:size]
            behind = clean[match.start("name") + len(name) :][:2]
            if len(name) < size or behind.startswith(unnamed):
                break
            if name[0] in _WIDER or words.is_common(name):
                continue
            if clean.count(name) >= _OFTEN:
                full = (name + ending for ending in endings if name + ending in clean)
                return next(full, name)
    return None


_LEAD = 160  # characters in which a report says whom it is about
_OFTEN = 3


@cache
def _short_provinces() -> frozenset[str]:
    """Provinces without their endings: 浙江, 广西."""
    names = lexicon.toml("restore/facts.toml")["place"]["provinces"]
    return frozenset(name[:2] for name in names if not name.endswith(("地区", "盟")))


@cache
def _behind_province() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{'|'.join(sorted(_short_provinces()))})(?P<name>[\u4e00-\u9fff]{{2,3}})"
    )


def _zone(clean: str) -> str | None:
    """The zone that a text speaks of most, when it names no area: 东涧河开发区."""
    no_zones = re.compile(lexicon.toml("restore/facts.toml")["place"]["no_zones"])
    zones = (m["zone"] for m in _zones().finditer(clean, 0, 20_000))
    found = Counter(zone for zone in zones if not no_zones.search(zone))
    return found.most_common(1)[0][0] if found else None


@cache
def _zones() -> re.Pattern[str]:
    zones = "|".join(lexicon.toml("restore/facts.toml")["place"]["zones"])
    return re.compile(
        rf"(?:^|[，。：；、\n]|今年以来，)(?P<zone>[\u4e00-\u9fff]{{2,7}}?(?:{zones}))"
    )


def _named(text: str) -> str | None:
    """The narrowest area of a name: 中共乐清市南塘镇委员会 → 南塘镇, 宁源县教育体育局 → 宁源县."""
    text = re.sub(
        r"^(?:关于|在|——)?(?:[\d〇零一二三四五六七八九]{4}年度?)?(?:上半年|下半年)?", "", text
    )
    for stop in ("关于", "20", "19", "二〇", "二零"):
        head, _, _ = text.partition(stop)
        text = head if len(head) >= 2 else text
    match = _CHAIN.match(text)
    if match is None:
        return None
    village = _ALONE.fullmatch(text, match.end())
    if village is not None and match.group():
        return village.group()  # a profile: 河西省云屏县|白石村
    for level in ("township", "county", "prefecture"):
        name = match[level]
        if name and len(name) >= 2 and not _generic(name):
            overrun = _overrun().fullmatch(name)
            twice = len(name) > 2 and name[-1] == name[-2]  # 雾岭镇|镇情简介
            return overrun["area"] if overrun else str(name[: len(name) - twice])
    own = _OWN.match(text)  # an area that is no division: 高新区管委会, 沙河子村
    return own.group() if own is not None and not own.group().startswith("全") else None


_ALONE = re.compile(r"[\u4e00-\u9fff]{2,4}(?:村|社区)")
_OWN = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:高新|经开|开发|保税|示范|度假|管理)区(?=管|\d|工|$)"
    r"|[\u4e00-\u9fff]{2,6}?(?:村|社区)(?=村?民委|村委|居民?委|党|\d|关于|$)"
)


def _generic(name: str) -> bool:
    table = lexicon.toml("restore/facts.toml")["place"]
    ending = next((e for e in table["endings"] if name.endswith(e)), name[-1:])
    stem = name[: -len(ending)]
    if not stem or name in _no_names() or stem[-1] in "全我各本该":
        return True
    if name.endswith(tuple(table["no_endings"])):
        return True
    return (stem[-1] in table["generic"] and len(stem) < 2) or any(
        c in stem for c in "的我全了是系"
    )


@cache
def _no_names() -> frozenset[str]:
    return frozenset(lexicon.toml("restore/facts.toml")["place"]["words"])


_ENDING = re.compile(
    r"(?:街道(?![路两])|镇(?![域级区街定静痛压])|乡(?![村镇亲土愁音情邻风])|县(?![域级])"
    r"|区(?![域级间划块位别])|市(?![场级民域值容直面集])|旗(?![帜舰下号])|州(?![市县]))"
)
_VILLAGE = re.compile(r"(?:社区(?![服工党矫])|村(?![民委干级组集落里口头道医企貌容规史党两务支]))")
_WIDER = "省市县区州镇乡"


def _is_town(text: str, at: int, end: int, table: dict[str, str]) -> bool:
    """Whether 城镇 or 集镇 ends the name of a town, by what stands around: 潞城镇, 塔集镇."""
    return (
        text[at:end] == "镇"
        and text[at - 2 : at - 1] not in table["before_towns"]
        and text[end : end + 1] not in table["behind_towns"]
    )


def _spoken_of(clean: str, ending: re.Pattern[str]) -> str | None:
    """The name of an area that stands most often in the text, of the level it speaks of.

    `ending` matches how such names end.
    """
    table = lexicon.toml("restore/facts.toml")["place"]
    text = clean[:20_000]
    names_found: list[str] = []
    bounded_found: list[str] = []  # right behind a mark, where the name surely begins
    generic, short = table["generic"], _short_provinces()
    for match in ending.finditer(text):
        at, end = match.span()
        before = text[at - 1] if at else ""
        if not "\u4e00" <= before <= "\u9fff":
            continue
        named = (
            before not in generic
            or before in "新水大内外"
            or (before in "城集" and (text[at] == "县" or _is_town(text, at, end, table)))
            or (before in "城集" and words.is_named_place(text[max(0, at - 2) : end]))
        )
        if not named:
            continue  # 城区, 城乡, but 交城县, 聊城市, 潞城镇
        if text[end : end + 1] == "、" and text[end + 1 : end + 2] in _WIDER:
            continue  # 市、县、乡三级
        if text[end : end + 1] == "委" and not words.is_place(text[max(0, at - 2) : end]):
            continue  # 锚定|县委
        if text[end : end + 1] == "外":
            continue  # 利用镇外资金
        for size in range(1, 7):
            low = at - size
            if low < 0 or not "\u4e00" <= text[low] <= "\u9fff":
                if size > 2 and not (low >= 0 and text[low].isdigit()):  # 2018|年整镇
                    bounded_found.append(text[low + 1 : end])
                break
            if size > 2 and (text[low] in _WIDER or text[low - 1 : low + 1] in short):
                bounded_found.append(text[low + 1 : end])
                break
            names_found.append(text[low:end])
    tally, bounded = Counter(names_found), Counter(bounded_found)
    names = _longest_names(tally, bounded)
    wide: Counter[str] = Counter(_province().findall(text))
    level = _level(text)
    fitting = {n: c for n, c in names.items() if n.endswith(level)} if level else {}
    chosen = fitting or {n: c for n, c in names.items() if c >= 2}
    chosen = {n: c for n, c in chosen.items() if words.is_place(n) or not words.is_verb(_stem(n))}
    chosen = {n: c for n, c in chosen.items() if not _no_stem().search(n)}
    chosen = {n: c for n, c in chosen.items() if len(n) < 5 or not words.has_verb(_stem(n))}
    if not chosen:
        return wide.most_common(1)[0][0] if wide else None

    def weight(name: str) -> float:
        stem = _stem(name)
        lead = 1.5 if stem in text[:120] else 1.0  # whom a bulletin is about, its lead names
        return lead * (chosen[name] + text.count(stem))

    best = max(chosen, key=lambda n: (weight(n), -text.find(n)))
    if wide and (most := wide.most_common(1)[0])[1] * 2 > weight(best):
        return most[0]
    return _narrowest(text, best, names)


def _narrowest(text: str, name: str, names: dict[str, int]) -> str:
    """莲都区岩泉街道: the narrower area right behind, if the text speaks of it as often."""
    for other in names:
        if other == name or name + other not in text or text.count(other) < text.count(name):
            continue
        if text.count(_stem(other)) >= text.count(_stem(name)):  # 枣林市南河店镇 … 枣林报道
            return _narrowest(text, other, {n: c for n, c in names.items() if n != name})
    return name


def _stem(name: str) -> str:
    """The name without its ending: 南塘镇 → 南塘."""
    return name[: -2 if name.endswith("街道") else -1]


def _longest_names(tally: Counter[str], bounded: Counter[str]) -> dict[str, int]:
    """Names that are not parts of longer ones that stand nearly as often."""
    table = lexicon.toml("restore/facts.toml")["place"]
    # a name that stands once alone is none, nor does it make another one a part of it
    often = {n: c for n, c in tally.items() if c > 1 or n in bounded}
    longer: dict[str, int] = {}
    for name, count in often.items():
        part = name[1:]
        longer[part] = max(longer.get(part, 0), count)
    found: dict[str, int] = {}
    for name, count in often.items():
        stem = _stem(name)
        if len(stem) < 2 and count < 3:
            continue
        if name.endswith("州") and words.is_named_place(name[-2:]):
            continue  # 杭州
        if name not in bounded and longer.get(name, 0) >= 0.6 * count and len(stem) < 5:
            continue
        if len(stem) > 2 and count < 0.6 * tally[name[1:]] and not bounded[name]:
            continue
        if len(stem) > 2 and bounded[name] < 0.5 * count and tally[name[1:]] > count:
            continue
        common = name.endswith(_common_areas()) and not words.is_named_place(name)
        if not _generic(name) and not common:
            found[name] = count + bounded[name]
    return {
        _without_lead(name, table["leading"], bool(bounded[name])): count
        for name, count in found.items()
    }


def _without_lead(name: str, leading: str, begins: bool) -> str:
    """记者从汉中市 → 汉中市: what stands before a name is none of it.

    `begins` tells that the name surely begins where it does: ，洋河口镇 is not 河口镇.
    """
    if words.is_named_place(name):
        return name
    told = _tellers().match(name)
    if told is not None and len(name) - told.end() > 1:
        return name[told.end() :]
    for i in range(len(name) - 2, 0, -1):
        if (not begins and len(name) - i > 2 and words.is_named_place(name[i:])) or (
            name[i - 1] in leading and words.is_place(name[i:])
        ):
            return name[i:]
    return name


@cache
def _tellers() -> re.Pattern[str]:
    return re.compile(lexicon.toml("restore/facts.toml")["place"]["tellers"])


@cache
def _common_areas() -> tuple[str, ...]:
    return tuple(lexicon.toml("restore/facts.toml")["place"]["words"])


def _spoken_alone(text: str, word: str) -> int:
    """How often a word stands in the text and is no part of a name: 镇党委, but not 白水镇党委."""
    if word[0] in "我全":
        return text.count(word)
    found = 0
    at = text.find(word)
    while at >= 0:
        found += not (at and "\u4e00" <= text[at - 1] <= "\u9fff")
        at = text.find(word, at + len(word))
    return found


def _level(text: str) -> tuple[str, ...]:
    """Endings of the level the text speaks of as its own."""
    table = lexicon.toml("restore/facts.toml")["place"]
    scores = {
        level: sum(_spoken_alone(text, word) for word in table[level])
        for level in ("township", "county", "city")
    }
    if scores["township"] >= 2 and 2 * scores["township"] >= max(scores.values()):
        return ("镇", "乡", "街道", "苏木")
    best = max(scores, key=lambda level: scores[level])
    if not scores[best] or list(scores.values()).count(scores[best]) > 1:
        return ()
    return {"township": ("镇", "乡", "街道"), "county": ("县", "区", "旗"), "city": ("市",)}[best]


# ---------------------------------------------------------------- the reporting period


def _period(facts: Facts, clean: str, body: Sequence[_Line]) -> None:
    """The days the document reports on, and those it plans for."""
    anchor = facts.date
    reporting = planned = None
    if facts.title:
        reporting, planned = titles.periods(facts.title, anchor)
        if reporting:
            facts.spans["period"] = facts.spans["title"]
            if _plans_its_year(facts.title, reporting.end.year, clean):
                reporting, planned = titles.before(reporting), reporting
    if reporting is None:
        reporting = _from_subtitle(facts, body, anchor)
    reporting = _announced(facts, clean, reporting) or reporting
    reporting = _as_of(body, reporting)
    headings = [
        line
        for line in body
        if len(line.text) <= 40 and (_NUMBERED.match(line.text) or _REVIEWED.fullmatch(line.text))
    ]
    if reporting is None:
        reporting = _from_headings(facts, headings, anchor)
    if reporting is None:
        reporting = _from_body(facts, clean, body, anchor, planned)
    if planned is None:
        planned = _planned(headings, reporting) or titles.following(reporting)
    facts.period, facts.plan_period = reporting, planned


def _from_subtitle(facts: Facts, body: Sequence[_Line], anchor: date | None) -> Period | None:
    """——云湖市2023年环境质量发布: the period that a second title names, no day of a speech."""
    for line in body[:_HEAD_LINES]:
        if "。" in line.text:
            return None
        if line.text.startswith("——") and not _DATE.search(line.text):
            found = titles.periods(line.text, anchor)[0]
            if found:
                facts.spans["period"] = (line.start, line.end)
            return found
    return None


def _as_of(body: Sequence[_Line], named: Period | None) -> Period | None:
    """（截至9月25日） under the title: the period ends then."""
    for line in body[:_HEAD_LINES] if named else ():
        match = _UNTIL.fullmatch(line.text)
        if match and named:
            day = _exact(int(match["year"] or named.end.year), match["month"], match["day"])
            inside = day is not None and named.start is not None and named.start < day < named.end
            return Period(named.start, day) if day and inside else named
    return named


def _exact(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


_HEAD_LINES = 6
_UNTIL = re.compile(
    r"[（(]截[至止]到?(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号][）)]"
)


def _plans_its_year(title: str, year: int, clean: str) -> bool:
    """Whether the year in the title of a report to a congress is the one it plans for.

    2024年政府工作报告, held early in 2024, reports on 2023.
    """
    table = lexicon.toml("restore/facts.toml")["period"]
    if not re.search(table["congress"], title) or f"{year + 1}年" in clean:
        return False
    return re.search(table["plans_its_year"].replace("{year}", str(year)), clean) is not None


def _announced(facts: Facts, clean: str, named: Period | None) -> Period | None:
    """现将1—10月有关工作汇报如下: the part of the year that the text says it reports on.

    `named` is the period of the title; a part of a year that it names stands.
    """
    match = _announcing().search(clean, 0, _ANNOUNCED_WITHIN)
    year = named.end.year if named else facts.date.year if facts.date else None
    if match is None or year is None:
        return None
    if named is not None and named.start and (named.end - named.start).days < _ABOUT_A_YEAR:
        return None
    period = titles.part(match["what"], year)
    if period:
        facts.spans["period"] = match.span("what")
    return period


_ANNOUNCED_WITHIN = 1200  # characters of the text's beginning
_ABOUT_A_YEAR = 300  # days


@cache
def _announcing() -> re.Pattern[str]:
    return re.compile(lexicon.toml("restore/facts.toml")["period"]["announced"])


def _from_headings(facts: Facts, headings: Sequence[_Line], anchor: date | None) -> Period | None:
    """一、2011年工作回顾, 一、上半年工作情况."""
    for line in headings[:6]:
        if not _word("review").search(line.text):
            continue
        year = titles.headed_year(line.text) or (anchor.year if anchor else None)
        named = titles.headed_year(line.text) or "半年" in line.text or "季度" in line.text
        period = titles.headed_period(line.text, year) if named else None
        if period:
            facts.spans["period"] = (line.start, line.end)
            return period
    return None


_REVIEWED = re.compile(r"(?:19|20)\d\d年[\u4e00-\u9fff]{0,8}(?:回顾|总结|情况)")
_FIRST_YEAR = re.compile(
    r"(?:过去的|刚刚过去的|即将过去的)?((?:19|20)\d\d)年(?:度)?(?:以来(?=[，,])|，|,|是|、|的|全|我|，|在|[一-龥]{0,12}以来)"
)


def _from_body(
    facts: Facts, clean: str, body: Sequence[_Line], anchor: date | None, planned: Period | None
) -> Period | None:
    """From the first words of the text, else from 1 January to the day it speaks."""
    text = next((line for line in body if len(line.text) > 40), None)
    if text is not None:
        head = text.text[:80]
        match = _FIRST_YEAR.match(head)
        if match and not (anchor and int(match.group(1)) > anchor.year):
            facts.spans["period"] = (text.start, text.start + match.end())
            year = int(match.group(1))
            if anchor and anchor.year == year and match.group().endswith("以来"):
                return Period(date(year, 1, 1), anchor)
            named = titles.part(facts.title, year) if facts.title else None
            return named or Period(date(year, 1, 1), date(year, 12, 31))
        match = re.search(r"((?:19|20)\d\d)年度", head)
        if match and anchor and int(match.group(1)) < anchor.year:
            facts.spans["period"] = (text.start + match.start(), text.start + match.end())
            year = int(match.group(1))
            return Period(date(year, 1, 1), date(year, 12, 31))
        if "上半年" in head and anchor:
            return Period(date(anchor.year, 1, 1), date(anchor.year, 6, 30))
    if anchor is None:
        return planned if facts.title and planned else None
    if facts.title and re.search("政府工作报告", facts.title) and anchor.month <= 4:
        return Period(date(anchor.year - 1, 1, 1), date(anchor.year - 1, 12, 31))
    facts.spans["period"] = facts.spans.get("signed", facts.spans.get("published", (0, 0)))
    if not _word("since").search(clean[:8000]):
        return Period(None, anchor)
    return Period(date(anchor.year, 1, 1), anchor)


def _planned(headings: Sequence[_Line], reporting: Period | None) -> Period | None:
    """The period of a heading that looks ahead: 二、2012年主要任务."""
    if reporting is None:
        return None
    next_year = lexicon.toml("restore/facts.toml")["period"]["next_year"]
    for line in headings:
        year = titles.headed_year(line.text)
        if any(word in line.text for word in next_year):
            return Period(date(reporting.end.year + 1, 1, 1), date(reporting.end.year + 1, 12, 31))
        if year and year > reporting.end.year:
            return titles.headed_period(line.text, year)
        if "下半年" in line.text and reporting.end.month == 6:
            return titles.headed_period(line.text, reporting.end.year)
    return None
