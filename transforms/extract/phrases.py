"""Reads the noun phrases around a figure: the one right behind it and the one in front.

Which words report, count, lead or end a name stands in `seeds/cues/names.toml`; the tags are
those of jieba's dictionary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from transforms import lexicon
from transforms.extract import relations
from transforms.extract.segments import cut
from transforms.extract.surroundings import Figure, Token

# jieba's tags: words that can stand in a noun phrase, nouns proper, words that end a phrase
NOMINAL = frozenset(
    (
        *("n", "nr", "ns", "nt", "nz", "nrt", "nrfg", "ng", "vn", "an", "a", "b", "j", "l", "i"),
        *("s", "f", "t", "x", "eng", "m", "mq", "q", "zg", "z", "g", "k", "h", "vg", "ag", "ad"),
        *("vd", "tg"),
    )
)
NOUNS = frozenset(["n", "nz", "nt", "ns", "nr", "vn", "j", "l", "an", "s", "eng", "ng", "q", "t"])
CLOSED = frozenset(["p", "c", "d", "r", "u", "uj", "ul", "uz", "ug", "ud", "uv", "y", "e", "o"])


def _split(name: str, key: str = "words") -> frozenset[str]:
    """The words of a class of `seeds/cues/names.toml`."""
    entry = lexicon.toml("cues/names.toml")[name][key]
    return frozenset(entry.split() if isinstance(entry, str) else entry)


CONJUNCTIONS = _split("conjunctions")
TOWARDS = _split("towards")
EVENTS = _split("events")
EVENT_VERBS = _split("events", "verbs")
DIVISIONS = _split("divisions")
DETERMINERS = _split("determiners")
ADVERBS = _split("adverbs")
INSERTED = _split("inserted")
SUMS = _split("sums")
STAGES = _split("stages")
BY = _split("by")
CALCULATED = _split("by", "calculated")
BASES = _split("bases")
SHARES = _split("shares")
COUNTING = tuple(_split("counting"))
WITHIN = _split("within")
RATES = _split("rates")
MODALS = _split("modals")
KINDS = _split("kinds")
AIMED = _split("aimed")
PLANNED = _split("planned")
DRAWN_UP = _split("planned", "drawn_up")
BEFORE_PLANNED = _split("planned", "before")
PLAN_ENDS = _split("planned", "ends")
PLANNED_TO = _split("modals", "planned")
CAUSES = _split("causes")
CAUSE_ENDS = _split("causes", "ends")
CAUSES_ALONE = _split("causes", "alone")
SUMMARIES = _split("summaries")
CLASSIFIERS = _split("summaries", "classifiers")
COMPLETE = _split("complete")
BUNDLES: dict[str, list[str]] = lexicon.toml("cues/names.toml")["bundles"]
GRANTED = _split("granted")
TOLD = _split("light", "told")
SIZES = tuple(_split("sizes"))
SIZE = re.compile(lexicon.toml("cues/names.toml")["sizes"]["amount"])
COMPARED_WITH = tuple(_split("compared_with"))
RESULTS = tuple(_split("results"))
CATEGORIES = _split("categories")
CLOCK = re.compile(lexicon.toml("cues/names.toml")["clocks"]["pattern"])
APPENDED = _split("appended")
YEARLY = _split("yearly")
TRADES = _split("trades")
BEARERS = _split("heads", "bearers")
MEMBERS = _split("members")
TRAILING = _split("trailing")
HONOURS = _split("honours")
BYLINES = _split("bylines")
BYLINES_ALONE = _split("bylines", "alone")
COLLECTIVES = tuple(_split("collectives"))
COLLECTIVES_COUNTED = _split("collectives", "counted")
PER = _split("per")
POINTS = tuple(_split("points"))
POINTS_EACH = re.compile(lexicon.toml("cues/names.toml")["points"]["each"])
POPULATION: str = lexicon.toml("cues/names.toml")["defaults"]["population"]
TOPICAL = _split("topical")
ABOUT = re.compile(lexicon.toml("cues/names.toml")["about"]["pattern"])
ALONE = _split("leading", "alone")
COPULAS = _split("copulas")
GOALS = _split("goals")
GROUPS = tuple(_split("groups"))
AMONG = _split("among")
APPORTIONS = _split("apportions")
IDENTITIES = _split("identities")
ORIGINS = _split("origins")
DISTANCES: dict[str, str] = lexicon.toml("cues/names.toml")["distances"]
PAYMENTS = tuple(_split("payments"))
MEASURED = re.compile(f"(?:{'|'.join(sorted(_split('measured'), key=len, reverse=True))})$")
_TIME_WORD = re.compile(
    r"[年月日天末底初前后]$|季度$|期间$|同期$|以来$|^[一二三四五六七八九十百千两几数]"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The word classes of `seeds/cues/names.toml`."""

    light: frozenset[str]
    doing: frozenset[str]
    leading: frozenset[str]
    predicates: frozenset[str]
    heads: frozenset[str]
    measures: frozenset[str]
    bare: frozenset[str]
    bare_by_length: tuple[str, ...]
    remainders: frozenset[str]
    generic: frozenset[str]
    defaults: dict[str, str]
    causative: frozenset[str]
    inside: frozenset[str]


@cache
def words() -> Words:
    """Compiled once a process."""
    return Words(
        light=_split("light"),
        doing=_split("doing"),
        leading=_split("leading"),
        predicates=_split("predicates"),
        heads=_split("heads"),
        measures=_split("measures"),
        bare=_split("bare"),
        bare_by_length=tuple(sorted(_split("bare"), key=len, reverse=True)),
        remainders=_split("remainders"),
        generic=_split("generic"),
        defaults=lexicon.toml("cues/names.toml")["defaults"],
        causative=_split("causative"),
        inside=_split("light", "inside"),
    )


# -- the noun behind ---------------------------------------------------------------------------


def noun_behind(figure: Figure) -> tuple[str, int]:
    """The noun phrase right behind a figure and how many words it takes, ("", 0) for none."""
    tokens = figure.right
    if not tokens:
        return "", 0
    cues = words()
    first, tag = tokens[0]
    if (
        first in DIVISIONS
        and len(tokens) > 2
        and tokens[1 + (tokens[1][0] == first)][0].startswith(COLLECTIVES)
        and not any(word in COLLECTIVES_COUNTED for word, _ in tokens[2:4])
    ):
        return first, 1  # 28个[村]集体收入达标
    events = figure.mention.unit in EVENTS
    if not events and tag == "v" and all(t in ("v", "vd", "d", "vn") for _, t in tokens):
        return "", 0
    if first in "、，的）；之":
        return "", 0
    if len(first) == 1 and len(tokens) > 1 and tokens[1][0] in ("在", "于", "到"):
        return "", 0  # 5个[卡]在征地环节
    if first == figure.mention.unit + "均":
        return "", 0  # 带动86户[户均]增收
    if first.endswith("均") and len(tokens) > 1 and tokens[1][1] == "v":
        return first[:-1], 1  # 5个村[均]通公路
    if first in cues.predicates and not _attributive(tokens, 0, cues):
        if first in KINDS and len(tokens) > 1 and tokens[1][1] in ("n", "nz"):
            return first + tokens[1][0], 2  # 26个[集中]安置点
        return _relative_clause(tokens)
    if tag in CLOSED and first not in DETERMINERS:
        return "", 0
    cue = relations.words()
    if first in cue.levels or first in cue.standing or _from_to(figure):
        return "", 0
    attended = figure.mention.unit == "人次"
    caused = (attended or not events) and _caused(figure.left[-3:], cues)
    if caused and attended and tag == "v" and not _attributive(tokens, 0, cues):
        return "", 0  # 为1024人次[报销]住院费用316万元
    end = noun_phrase(tokens, cues, figure.following is not None, events, caused)
    while end > 1 and tokens[end - 1][0] in ("中", "当中", "之中", "内", "里", "上"):
        end -= 1
    if not end and tag in ("v", "vn"):
        return _relative_clause(tokens)
    if figure.following is not None and all(tag == "v" for _, tag in tokens[:end]):
        return "", 0  # 劳资纠纷47件[涉及]金额326.5万元
    text = "".join(word for word, _ in tokens[:end])
    if text in cues.generic:
        # 企业[入驻投产] says which
        more = end
        while more < len(tokens) and tokens[more][1] in ("v", "vn", "vd"):
            more += 1
        if more == len(tokens) and tokens[-1][0] not in cues.light:
            text = "".join(word for word, _ in tokens)
    return text, end


def _caused(tokens: list[Token], cues: Words) -> bool:
    """Whether those counted are made to do something: 组织30名党员, but not 组织开展了3次."""
    caused = False
    for word, _ in tokens:
        if word in cues.causative:
            caused = True
        elif word in cues.light:
            caused = False
    return caused


def _from_to(figure: Figure) -> bool:
    """由十年前的不足百个发展到1735个: between the two levels stands no noun."""
    following = figure.following
    return (
        following is not None
        and following.mention.unit == figure.mention.unit
        and any(word in ORIGINS for word, _ in figure.left)
    )


def _relative_clause(tokens: list[Token]) -> tuple[str, int]:
    """有经验的调解员: the noun behind a clause with 的, if it ends the words behind."""
    for i in range(len(tokens) - 2, 0, -1):
        if tokens[i][0] == "的":
            rest = tokens[i + 1 :]
            if all(tag in NOMINAL or word in CONJUNCTIONS for word, tag in rest):
                return "".join(word for word, _ in rest), len(tokens)
            return "", 0
    return "", 0


def _attributive(tokens: list[Token], at: int, cues: Words) -> bool:
    """Whether a verb belongs to the noun behind it: 推进[项目], 挂牌营业的[食堂]."""
    last = tokens[-1][0]
    if at + 3 == len(tokens) and len(last) > 1 and tokens[at + 1][1] in ("a", "v", "vn"):
        return last[-1] in BEARERS  # 3名[创业致富]带头人
    following = at + 1
    while following < len(tokens) and tokens[following][1] in ("v", "vn", "d", "vd"):
        following += 1
    if following >= len(tokens):
        return False
    word = tokens[following][0]
    if word == "的":
        return following + 1 < len(tokens) and tokens[following + 1][1] in NOMINAL
    return following == at + 1 and word in cues.heads and len(tokens[at][0]) > 1


def noun_phrase(
    tokens: list[Token],
    cues: Words,
    figure_follows: bool,
    events: bool = False,
    caused: bool = False,
) -> int:
    """How many of the words, from the first, make one noun phrase.

    `events`: the unit counts events, which verbs may name (3次应急演练); `caused`: those
    counted are made to do something, so that a verb behind them is theirs.
    """
    end = 0  # words that surely belong
    seen = False  # a noun stands among them
    verb = False  # so does a verb, so that 的 may close a relative clause
    count = len(tokens)
    i = 0
    while i < count:
        word, tag = tokens[i]
        following = tokens[i + 1] if i + 1 < count else ("", "")
        if word == "（":
            closing = next((k for k in range(i, count) if tokens[k][0] == "）"), None)
            if closing is None or sum(len(w) for w, _ in tokens[i + 1 : closing]) > _ASIDE_LENGTH:
                break
            i = closing  # 县（市、区）
            end = i + 1 if seen else end
        elif word == "“" and (quoted := _quoted(tokens, i)):
            i = end = quoted  # 8个社区“妇女儿童之家”
            seen = True
            continue
        elif word in "“”‘’《》）·—-/":
            if word in "”’》）" and seen:
                end = i + 1
        elif word == "、":
            if not _list_goes_on(tokens, i, cues, figure_follows):
                break
        elif seen and figure_follows and _of_contest(tokens, i):
            break  # 230家经开区[综合考评中]居第96位
        elif word == "等":
            if following[1] not in NOMINAL:
                break
        elif _breaks(tokens, i, cues, seen, caused):
            break
        elif word == "及" and following[0] in ("以上", "以下"):
            i += 1  # 较大[及以上]事故
        elif word in CONJUNCTIONS:
            if figure_follows or not seen or following[1] not in NOMINAL | {"v"}:
                break
        elif word in ("的", "之"):
            described = i == 1 and tokens[0][1] in ("v", "vn", "a", "ad", "z")  # 合格[的]医生
            if (seen and not verb and not described) or following[1] not in NOMINAL | {"v"}:
                break
            if following[0] in BASES:
                break  # 1877户农房维修加固[的基础]上
        elif following[0] in TOWARDS and tag in ("v", "vn", "vg"):
            break
        elif word in cues.predicates:
            if not _attributive(tokens, i, cues) and not _of_level(tokens, i):
                break
        elif (
            seen
            and tag != "vn"
            and not _of_level(tokens, i)
            and word in cues.doing
            and following[0] not in cues.heads | cues.inside
        ):
            if all(w in cues.doing for w, _ in tokens[i:]):
                end = count  # 老旧小区[改造]
            elif following[1] == "d" or (
                following[0] in cues.predicates and following[1] not in ("v", "vn")
            ):
                end = i + 1  # 村自来水[改造]全部完工
            break
        elif tag in NOUNS:
            if tag == "t" and i + 1 >= count:
                break
            seen = True
            end = i + 1
        elif tag == "v" and seen and len(word) == 1 and word in cues.heads:
            end = i + 1  # 消防工作[站]
        elif tag == "v":
            leads = _to_head(tokens, i, cues) or _later_de(tokens, i) or _of_level(tokens, i)
            if seen and not events and not leads:
                break
            verb = following[0] not in cues.heads
            if seen or i + 1 >= count:
                end = i + 1
                seen = True
        elif seen and tag in ("a", "ad", "vd"):
            pass  # 失业人员[重新]就业
        elif tag in NOMINAL:
            if seen or tag in ("x", "zg", "z", "g", "k"):
                end = i + 1
                seen = True
        else:
            break
        i += 1
    if not seen:
        return 0
    fillers = relations.words().fillers
    behind = tokens[end:]
    share = relations.words().share
    reaches = figure_follows and (
        all(word in fillers for word, _ in behind) or behind[0][0] in share
    )
    return _without_measure(tokens, end, cues) if reaches else end


def _of_contest(tokens: list[Token], at: int) -> bool:
    """Whether a contest begins at `at`, in which those in front were ranked."""
    contests = relations.words().contests
    here = next((k for k in (at, at + 1) if k < len(tokens) and contests.search(tokens[k][0])), -1)
    return here >= 0 and here + 1 < len(tokens) and tokens[here + 1][0] == "中"


def _of_level(tokens: list[Token], at: int) -> bool:
    """Whether the verb at `at` stands in a title of some level: 省级乡村[建设示范]乡镇."""
    if not 2 <= at <= 3 or not tokens[0][0].endswith("级"):
        return False
    return any(tag in ("n", "nz") for _, tag in tokens[at + 1 : at + 3])


def _quoted(tokens: list[Token], at: int) -> int:
    """Where a short name in quotation marks that opens at `at` ends, 0 for none."""
    for i in range(at + 1, min(len(tokens), at + 10)):
        if tokens[i][0] == "”":
            return i + 1
        if tokens[i][0] in "，。；、":
            return 0
    return 0


def _breaks(tokens: list[Token], at: int, cues: Words, seen: bool, caused: bool) -> bool:
    """Whether the word at `at` surely ends a noun phrase."""
    word, tag = tokens[at]
    following = tokens[at + 1][0] if at + 1 < len(tokens) else ""
    if word == "与":
        return any(tag == "v" for _, tag in tokens[at + 1 :])  # 干部[与]居民结成对子
    if seen and tag == "m" and _TIME_WORD.match(word):
        return True  # 断头路[一次]打通
    if seen and (
        tag in ("i", "t")
        or word.startswith("每")
        or (len(word) == 2 and word[1] == "均")
        or (tag in ("f", "s") and word in ("中", "当中", "之中", "里"))
    ):
        return True  # 居民[同舟共济]; 农户[户均]增收
    if caused and seen and (word in cues.doing or word in cues.light):
        return True  # 为4126名供养人员[发放]资金
    if caused and seen and tag in ("v", "vn"):
        return following not in cues.heads
    if word in CONJUNCTIONS or word in cues.predicates or word in ("的", "之", "等", "、"):
        return False
    return tag in CLOSED and word not in DETERMINERS


def _to_head(tokens: list[Token], at: int, cues: Words) -> bool:
    """Whether a verb leads to a head noun, or several to one of a letter: 森林[防火检查]站."""
    i = at + 1
    if i < len(tokens) and (
        tokens[i][0] in cues.heads
        or (tokens[i][1] == "n" and tokens[i][0][-1] in cues.heads and len(tokens[i][0]) > 2)
    ):
        return True
    while i < len(tokens) and tokens[i][0] not in cues.heads and tokens[i][1] in ("v", "vn"):
        i += 1
    return i < len(tokens) and len(tokens[i][0]) == 1 and tokens[i][0] in cues.heads


def _later_de(tokens: list[Token], at: int) -> bool:
    """Whether a 的 behind the verb closes a relative clause: 涉及水产交易[的]市场."""
    return any(word == "的" for word, _ in tokens[at + 1 : at + 7])


def _without_measure(tokens: list[Token], end: int, cues: Words) -> int:
    """A measure in front of the next figure belongs to that one: 1860家商户[复工率]96.2%."""
    last = tokens[end - 1][0]
    if last not in cues.measures and not last.endswith(("率", *PAYMENTS)):
        return end
    end -= 1
    if last == "率" and end and tokens[end - 1][1] in ("v", "vn"):
        end -= 1
    return end


def _list_goes_on(tokens: list[Token], at: int, cues: Words, figure_follows: bool) -> bool:
    """Whether a list goes on behind the mark at `at`: 用工、用电等诉求; 宣传单、圆扇."""
    rest = tokens[at + 1 :]
    for i, (word, _) in enumerate(rest):
        if word == "等":
            return i + 1 < len(rest) and rest[i + 1][1] in NOUNS | {"b", "a"}
    return not figure_follows and bool(rest) and rest[0][1] in NOUNS | {"b", "a"}


# -- the noun in front -------------------------------------------------------------------------


def phrase(tokens: list[Token], end: int | None = None) -> str:
    """The name that the words in front of a figure give, empty when they give none.

    `end` is where they end without fillers, where that is known.
    """
    cues = words()
    end = words_end(tokens) if end is None else end
    if end and tokens[0][0] in BY and not any(_is_verb(token, cues) for token in tokens[1:end]):
        return ""  # [按平均汇率]计算为2865美元
    cut_short = [word for word, _ in tokens if word in _CUTS_SHORT]
    for i in range(1, end) if cut_short else ():
        if tokens[i][0] in BY and tokens[i][1] == "p" and tokens[i - 1][1] in NOUNS:
            end = words_end(tokens[:i])  # 预备费[按不低于本级支出]的1%设置
            break
    for i in range(end - 1, max(-1, end - 8), -1) if cut_short else ():
        named = any(word not in cues.leading for word, _ in tokens[:i])
        if tokens[i][0] in ORIGINS and tokens[i][1] == "p" and named:
            end = words_end(tokens[:i])  # 参合率由[去年的]…
            break
    if end and tokens[end - 1] == ("后", "f"):
        return ""  # 扣除留抵退税因素后，增长4.2%
    start = words_begin(tokens, end, cues)
    text = _join(tokens, start, end, cues)
    if text.endswith(("）", "]")):
        text = _ASIDE.sub("", text)
    if text[:1].isdigit() and (clock := CLOCK.match(text)):
        text = text[clock.end() :]
    if len(text) > 16:
        text = _shortened(tokens, start, end, cues)
    if text.endswith("工作") and end - start > 1 and tokens[end - 2][1] in ("v", "vn"):
        text = text.removesuffix("工作")
    told = start > 1 and tokens[start - 1][0] != "后"  # 达产后[年产值]
    last = end - 1
    timed = all(tag == "t" for _, tag in tokens[start:last])  # 税收预计[上半年]入库
    verb = start <= last and timed and _is_verb(tokens[last], cues) and tokens[start - 1][0] in TOLD
    if told and (verb or text in cues.bare or (len(text) <= 4 and MEASURED.search(text))):
        # 第一产业[实现]增加值: the subject of the verb says whose
        before = start - 1
        while before > 0 and tokens[before - 1][0] in cues.light | cues.doing | MODALS:
            before -= 1
        subject = _join(tokens, words_begin(tokens, before, cues), before, cues)
        if 1 < len(subject) <= 12:
            text = subject + text
    return text


_CUTS_SHORT = BY | ORIGINS


def _shortened(tokens: list[Token], start: int, end: int, cues: Words) -> str:
    """A long name from its last 等, 的, or closing quotation mark on; 甲对乙的丙 without 乙."""
    toward = next((i for i in range(start + 1, end - 2) if tokens[i] == ("对", "p")), 0)
    of = next((i for i in range(end - 2, toward, -1) if toward and tokens[i][0] == "的"), 0)
    if of and MEASURED.search(measure := _join(tokens, of + 1, end, cues)):
        return _join(tokens, start, toward, cues) + measure  # 第一产业对地区生产总值的贡献率
    for marks in (("等",), ("的",), ("”", "》")):
        for i in range(end - 2, start, -1):
            if "”" in marks and MEASURED.search(tokens[end - 1][0]):
                break  # “三残”儿童少年入学率
            if tokens[i][0] in marks:
                rest = _join(tokens, i + 1, end, cues)
                if len(rest) > 1 and rest not in RATES | SHARES:
                    return rest
    return _join(tokens, start, end, cues)


def words_end(tokens: list[Token]) -> int:
    """Where the words in front end without fillers."""
    fillers = relations.words().fillers
    end = len(tokens)
    while end > 0:
        word, tag = tokens[end - 1]
        if end > 2 and tokens[end - 2][0] + word in PER and tokens[end - 3][0] in COPULAS:
            end -= 2
            continue
        if not (
            (word in fillers and not relations.bounds(tokens, end - 1))
            or word in "、，“‘（—： "
            or (tag in ("t", "m", "mq") and _TIME_WORD.search(word) and word not in "日天")
            or word[0] == "每"
            or (end > 1 and (len(word) == 1 or tag == "q") and tokens[end - 2][0] == "每")
        ):
            break
        end -= 1
    if end > 1 and tokens[end - 1][0] in PLANNED and tokens[end - 2][1] in NOUNS | {"v"}:
        # 加装电梯[计划]15部, but 上报用地计划620亩
        end -= not any(word in DRAWN_UP for word, _ in tokens[: end - 1])
        while end > 1 and tokens[end - 1][0] in BEFORE_PLANNED:
            end -= 1
    if end > 2 and tokens[end - 2][0] == "各" and tokens[end - 1][0] in words().doing:
        end -= 2  # 示范点[各打造]3个
    if end > 2 and tokens[end - 2][0] in _TO_BE_DONE and _is_built(tokens[end - 1]):
        end -= 2  # 公益性公墓[应建]6处
    return end


_TO_BE_DONE = MODALS | PLANNED_TO


def _is_built(token: Token) -> bool:
    """Whether a verb of one letter says that the thing in front is made: 泵站应[建]11座."""
    return len(token[0]) == 1 and token[0] in words().doing


_ARTICLE_LETTERS: str = lexicon.toml("cues/names.toml")["articles"]["letters"]
_ARTICLE = re.compile(
    f"[{_ARTICLE_LETTERS}][{lexicon.toml('cues/names.toml')['articles']['classifiers']}]"
)


def _join(tokens: list[Token], start: int, end: int, cues: Words) -> str:
    """The words from `start` to `end` without those that only lead to a name."""
    for width in (1, 2) if start < end and tokens[start][0][0] in _ARTICLE_LETTERS else ():
        if start + width < end:
            opening = "".join([word for word, _ in tokens[start : start + width]])
            start += width if _ARTICLE.fullmatch(opening) else 0
    while start < end and (
        (
            tokens[start][0] in cues.leading
            and not _traded_with(tokens, start, end)
            and not (start == end - 1 and tokens[start][0] in ALONE)
        )
        or (tokens[start][1] == "t" and tokens[start][0][-1] in "底末初月日前后")
    ):
        start += 1
    kept = [word for word, _ in tokens[start:end]]
    if not _LEFT_OUT.isdisjoint(kept):
        kept = [
            word
            for i, (word, tag) in enumerate(tokens[start:end], start)
            if not (word in MODALS and _is_modal(tokens, i, end, cues))
            and not (word in PLANNED_TO and _is_planned(tokens, i, end, cues))
            and (
                word not in INSERTED or (len(word) == 1 and (tag != "d" or tokens[i + 1][1] != "v"))
            )
        ]
    return balanced("".join(kept))


_LEFT_OUT = MODALS | PLANNED_TO | INSERTED
_EVERY = re.compile("每(?![年月天日周季])")  # [每]万人拥有社工, but not 每年可减排


def _is_modal(tokens: list[Token], at: int, end: int, cues: Words) -> bool:
    """Whether the modal at `at` is no part of the name: 河道治理[需]投入, but 滩涂可养面积."""
    if at + 1 >= end or not _is_verb(tokens[at + 1], cues):
        return False
    return at + 2 >= end or not MEASURED.search(tokens[at + 2][0])


def _traded_with(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a name begins with whom it is traded with: [对]东盟出口."""
    return (
        tokens[start][0] in ("对", "向")
        and start + 2 < end
        and tokens[start + 1][1] in ("ns", "nz", "j", "nt", "n")
        and tokens[end - 1][0] in TRADES
    )


def _is_planned(tokens: list[Token], at: int, end: int, cues: Words) -> bool:
    """Whether the word at `at` says that what the verb behind it tells is a plan."""
    while at < end and tokens[at][0] in PLANNED_TO:
        at += 1
    return at < end and _is_verb(tokens[at], cues) and not MEASURED.search(tokens[at][0])


def _is_verb(token: Token, cues: Words) -> bool:
    return token[1] in ("v", "vn") or token[0] in cues.doing


_ASIDE_LENGTH = 4  # characters that a bracket inside a noun may hold: 县（市、区）
_ASIDE = re.compile(r"（(?:不含|不包括|含|包括|下同|以下)[^）]*）$|\[\d{1,3}\]$")


def words_begin(tokens: list[Token], end: int, cues: Words) -> int:
    """Where a name that ends at `end` begins: behind the last light verb, or at a doing verb."""
    for i in range(end - 2, -1, -1):
        word, tag = tokens[i]
        if word == "用于" and tokens[end - 1][0] in SHARES:
            continue  # 公益金[用于]养老服务的比例
        if word in BYLINES_ALONE or (word == "）" and i and tokens[i - 1][0] in BYLINES):
            return i + 1
        if word in ADVERBS and tokens[i + 1][1] == "p" and i + 3 < end and tokens[i + 2][1] == "r":
            return i + 3  # 督察组[共向我市]转交信访件
        if word == "有" and i and tokens[i - 1][0].endswith("均"):
            continue  # 人均[有]粮
        if word in cues.light and tokens[i + 1][0] not in cues.inside:
            every = [k for k in range(i) if tokens[k][0].startswith("每")]
            return every[-1] if every and _EVERY.match(tokens[every[-1]][0]) else i + 1
        if (
            word in cues.doing
            and tag != "vn"
            and tokens[i + 1][0] not in cues.inside | CONJUNCTIONS
            and tokens[i + 1][0] != "等"
            and not MEASURED.search(tokens[i + 1][0])
        ):
            start = i
            while start > 0 and tokens[start - 1][0] in cues.doing:
                start -= 1
            width = sum(len(w) for w, _ in tokens[:start])
            if width > 4 or (start and tokens[start - 1][0] in ADVERBS):
                return start
    return 0


def balanced(text: str) -> str:
    """The text without a quotation mark or bracket that has no partner in it."""
    if text.isalnum():
        return text
    for opening, closing in ("“”", "‘’", "《》", "（）"):
        if text.count(opening) != text.count(closing):
            text = text.replace(opening, "").replace(closing, "")
    return text.strip("、，：；。·—-… 　")


def _is_done_to(tokens: list[Token], at: int, cues: Words) -> bool:
    """Whether the verb at `at` ends the subject, because another verb or an adverb follows it."""
    if at + 1 >= len(tokens) or tokens[at][0] not in cues.doing:
        return False
    return tokens[at + 1][1] in ("v", "d", "a", "ad", "vd") or tokens[at + 1][0] in cues.light


def subject_of(clause: str) -> str:
    """The noun phrase with which a clause begins, up to its verb."""
    cues = words()
    tokens = cut(clause)
    if tokens and tokens[0][0] in BY and tokens[-1][0] in CALCULATED:
        return ""  # [按可比价格计算]，增长2.7%
    start = 0
    while start < len(tokens) and (
        tokens[start][0] in cues.leading or tokens[start][1] in ("p", "c", "d")
    ):
        start += 1
    end = start
    while (
        end < len(tokens)
        and (tokens[end][1] in NOMINAL or _attributive(tokens, end, cues))
        and tokens[end][0] not in cues.light
        and (end == start or tokens[end][0] not in COPULAS)
    ):
        end += 1
    if end > start and _is_done_to(tokens, end, cues):
        end += 1  # 油茶林[改造]推进缓慢
    fillers = relations.words().fillers
    while end > start + 1 and (
        tokens[end - 1][0] in ("中", "里", "上", "方面", "内") or tokens[end - 1][0] in fillers
    ):
        end -= 1
    text = balanced("".join(word for word, _ in tokens[start:end]))
    return text if len(text) > 1 else ""
