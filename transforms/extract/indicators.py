"""Names what a figure measures: an ordered table of small rules over its surroundings.

The rules are tried in the order of `RULES`; the first that gives a name wins, and its own
name goes into the row. Knowledge about words stands in `seeds/cues/names.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from transforms.extract import places, relations
from transforms.extract.phrases import (
    ABOUT,
    ADVERBS,
    AIMED,
    AMONG,
    APPENDED,
    APPORTIONS,
    BUNDLES,
    BY,
    CATEGORIES,
    CAUSE_ENDS,
    CAUSES,
    CAUSES_ALONE,
    CLASSIFIERS,
    COMPARED_WITH,
    COMPLETE,
    CONJUNCTIONS,
    COPULAS,
    COUNTING,
    DISTANCES,
    DIVISIONS,
    EVENT_VERBS,
    EVENTS,
    GOALS,
    GRANTED,
    GROUPS,
    HONOURS,
    IDENTITIES,
    MEASURED,
    MEMBERS,
    NOMINAL,
    NOUNS,
    ORIGINS,
    PAYMENTS,
    PLAN_ENDS,
    POINTS,
    POINTS_EACH,
    POPULATION,
    RATES,
    RESULTS,
    SHARES,
    SIZE,
    SIZES,
    STAGES,
    SUMMARIES,
    SUMS,
    TOPICAL,
    TRAILING,
    WITHIN,
    YEARLY,
    balanced,
    noun_behind,
    noun_phrase,
    phrase,
    subject_of,
    words,
    words_begin,
    words_end,
)
from transforms.extract.segments import cut
from transforms.extract.surroundings import Figure, Token

LONGEST_NAME = 48  # of characters; its end, which holds the head noun, is kept
_BORROWS = frozenset({"growth", "change", "completion", "rank"})
_COUNTED = frozenset({"count", "person", "household", "occurrence", ""})
_PLACE = re.compile(r"(?:街道|[市县区镇乡村寨屯组社旗盟州])$")


@dataclass(slots=True)
class Theme:
    """What the text is about so far: the figures named, newest last."""

    figures: list[Figure] = field(default_factory=list)

    def latest(
        self,
        figure: Figure,
        unit: str | None = None,
        rooted: bool = False,
        other_than: str | None = None,
    ) -> Figure | None:
        """The nearest named figure in the paragraph (with the unit, with a noun for a root).

        What stands in brackets is not spoken of any more behind them.
        """
        for other in reversed(self.figures[-12:]):
            if other.paragraph != figure.paragraph:
                return None
            if (
                other.name
                and not other.scope
                and (figure.parenthesis or not other.parenthesis)
                and (other_than is None or other.relation != other_than)
                and (unit is None or other.mention.unit == unit)
                and (not rooted or root(other))
            ):
                return other
        return None


def name(figures: Sequence[Figure]) -> None:
    """Set `name`, `measure`, `sign`, `relation` and `rules` of every figure, in order."""
    theme = Theme()
    for figure in figures:
        _one(figure, theme)
        figure.parent = _parent(figure, theme)
        theme.figures.append(figure)


def _parent(figure: Figure, theme: Theme) -> Figure | None:
    """The total that a figure is part of: 60个，其中在建15个、预备12个."""
    if figure.measure not in ("level", "share"):
        return None
    if not theme.figures or theme.figures[-1].sentence != figure.sentence:
        return None
    for other in reversed(theme.figures[-8:]):
        if other.sentence != figure.sentence:
            return None
        if other.mention.unit != figure.mention.unit or other.measure != figure.measure:
            continue
        if "其中" in figure.left_text or (figure.parenthesis and figure.previous is None):
            return other.parent if other.parenthesis and other.parent else other
        return other.parent
    return None


def _one(figure: Figure, theme: Theme) -> None:
    behind, used = noun_behind(figure)
    if figure.following is not None and figure.following.mention.kind == "rank":
        standing = relations.words().standing
        reached = any(word in AMONG or word in standing for word, _ in figure.following.left)
        figure.scope = reached or any(word in standing for word, _ in figure.left)
    subject = relations.relate(figure, bool(behind))
    if figure.previous is not None and figure.previous.used:
        subject = subject[_used_by_previous(figure.previous, subject) :]
    if len(subject) > 1 and subject[0][0] == "的" and subject[1][0] in RATES:
        subject = subject[2:]  # 按不低于支出1%[的比例]安排300万元
    subject = _without_cause(_without_whole(figure, subject))
    figure.end = words_end(subject)
    figure.own = phrase(subject, figure.end)
    alone = figure.previous is None, figure.following is None
    for rule in _rules(
        figure.mention.kind, bool(behind), bool(figure.own), bool(figure.right), *alone
    ):
        found = rule(figure, theme, subject, behind)
        if found:
            figure.name = _headed(figure, theme, rule, found)[-LONGEST_NAME:]
            figure.rules.append(rule.__name__)
            if rule in _USES_BEHIND:
                figure.used = used
            return
    figure.rules.append("unnamed")


def _headed(figure: Figure, theme: Theme, rule: Rule, name: str) -> str:
    """1.农村道路改造。计划12.6公里: the heading of a paragraph names what says no more itself.

    Only for the first figure of the paragraph; the others go on from there.
    """
    bare = rule is continued or name in TOPICAL
    if not figure.heading or not bare or theme.latest(figure) is not None:
        return name
    tags = [tag for _, tag in cut(figure.heading)]
    if not 3 <= len(figure.heading) <= 14 or not set(tags) <= NOMINAL | {"v"} or tags[0] == "v":
        return name
    return narrowed(figure.heading, "" if rule is continued else name)


def _without_whole(figure: Figure, subject: list[Token]) -> list[Token]:
    """补助比例原则上[不高于市场价格的]30%: what a percentage is compared with names nothing."""
    if figure.mention.kind != "ratio" or not figure.left or figure.left[-1][0] != "的":
        return subject
    at = next((i for i in range(len(subject) - 1, 0, -1) if subject[i][0] in COMPARED_WITH), 0)
    end = words_end(subject[:at])
    return subject[:end] if end else subject


def _without_cause(subject: list[Token]) -> list[Token]:
    """[受疫情拖累]下滑11.6%, [因旱]只完成2.2万吨: what something is due to names nothing."""
    if not [word for word, _ in subject if word in CAUSES]:
        return subject
    opens = next((i for i, (word, _) in enumerate(subject) if word not in words().leading), None)
    first = next(i for i, (word, _) in enumerate(subject) if word in CAUSES)
    if opens is not None and first > opens:
        return subject
    for i in range(first + 1, len(subject)):
        if subject[i][0] in CAUSE_ENDS:
            return subject[i + 1 :]
    alone = subject[first][0] in CAUSES_ALONE and len(subject) - first <= 2
    return [] if alone else subject


def root(figure: Figure) -> str:
    """The noun of a figure's name, without verbs around it; empty when the name is a verb."""
    if figure.root is None:
        figure.root = _root(figure.name)[-LONGEST_NAME:]
    return figure.root


def _root(text: str) -> str:
    cues = words()
    tokens = cut(text)
    end = len(tokens)
    while end > 1 and tokens[end - 1][0] in cues.doing and tokens[end - 1][0] not in cues.measures:
        end -= 1
    while end > 1 and tokens[end - 1][0] in ADVERBS:
        end -= 1  # 项目[新]招引
    while end > 1 and tokens[end - 1][0] in PLAN_ENDS:
        end -= 1  # 肉牛改良[任务]
    start = 0
    for i in range(end - 2, -1, -1):
        word = tokens[i][0]
        if (word in cues.doing or word in cues.light) and not MEASURED.search(tokens[i + 1][0]):
            start = i + 1
            break
    verbal = all(
        tag in ("v", "vd", "d") or word in cues.doing or word in ADVERBS
        for word, tag in tokens[start:end]
    )
    if verbal and (not tokens or tokens[end - 1][0] not in cues.measures):
        return ""
    while end > start + 1 and tokens[end - 1][0] in cues.predicates and tokens[end - 2][1] == "n":
        end -= 1  # 农作物[受灾]
    return balanced("".join(word for word, _ in tokens[start:end]))


def _used_by_previous(previous: Figure, subject: list[Token]) -> int:
    """How many words in front of the figure the one before has used up as its noun.

    A measure that follows takes them along all the same: 1860家[商户]复工率96.2%.
    """
    if previous.used > len(subject):
        return len(subject)
    rest = "".join(word for word, _ in subject[previous.used :])
    if rest in words().measures or (rest.endswith("率") and len(rest) <= 4):
        return 0
    return previous.used


# -- the rules ---------------------------------------------------------------------------------

Rule = Callable[[Figure, Theme, list[Token], str], str]


def same_noun(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """12户23人: a figure right behind another counts the same thing."""
    members = _members(figure)
    if (figure.joint in ("", "、", "，", "和", "（") or members) and figure.previous and not behind:
        figure.root = root(figure.previous)
        if figure.mention.kind == figure.previous.mention.kind and not figure.relation:
            # 分别增长3%、[4%]
            figure.measure, figure.sign = figure.previous.measure, figure.previous.sign
        defaults = words().defaults
        kinds = figure.previous.mention.kind, figure.mention.kind
        if figure.joint and kinds == ("count", "household"):
            return defaults["household"]  # 村民小组15个、586户
        if figure.previous.name in defaults.values():
            if kinds == ("household", "person"):
                return POPULATION  # 全村326户1240人
            return defaults.get(figure.mention.kind, figure.previous.name)
        return figure.previous.name
    return ""


def _members(figure: Figure) -> bool:
    """37户[贫困户]126人: only the noun of the households stands in between."""
    previous = figure.previous
    return (
        previous is not None
        and previous.mention.kind == "household"
        and figure.mention.kind == "person"
        and previous.used > 0
        and previous.used == len(figure.left)
    )


def distributed(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """一产、二产分别增长3.1%和5.2%: the parts of a list in the order of the figures."""
    previous = figure.previous
    if previous is not None and previous.parts and figure.joint is not None:
        if _chained(figure):
            figure.parts = previous.parts[1:]
            if not figure.relation:
                figure.measure, figure.sign = previous.measure, previous.sign
                figure.relation = previous.relation
            return figure.parts[0] if figure.parts else ""
        return ""
    apportioned = _APPORTIONS.search(figure.left_text) is not None and any(
        word in APPORTIONS for word, _ in figure.left
    )
    if not apportioned and (previous is not None or figure.measure not in _BORROWS or figure.own):
        return ""
    run = 1
    other = figure.following
    while other is not None and _chained(other):
        run += 1
        other = other.following
    if run < 2:
        return ""
    if not apportioned:
        figure.parts = _parts_again(figure, theme, run)
        return figure.parts[0] if figure.parts else ""
    own = figure.own or (previous.name if previous is not None and previous.used else "")
    own = "" if own in SUMMARIES else own
    parts = coordinates(subject, run)
    if len(parts) == run and all(part in words().bare for part in parts):
        # 受理来信87批，[批次、人次]分别下降16%和22%
        amounts = (f for f in reversed(theme.figures[-6:]) if f.mention.kind != "ratio")
        counted = next((f for f in amounts if f.sentence == figure.sentence), theme.latest(figure))
        whose = root(counted) or counted.name if counted else ""
        parts = [narrowed(whose, part) for part in parts]
    if len(parts) != run and previous is not None and previous.mention.value == run:
        # 养老、医疗、失业[三项保险]参保人数分别为…
        counted_by = previous.name if MEASURED.search(own) else ""
        counted_by = "" if own.startswith(counted_by) else counted_by
        parts = [part + counted_by + own for part in coordinates(previous.left)]
    if len(parts) != run:
        parts = _unbundled(own, run)
    if len(parts) != run:
        if own and own not in words().bare:
            parts = [own] * run
        else:
            base = theme.latest(figure)
            near = base is not None and base.sentence == figure.sentence
            parts = _earlier_parts(figure, theme, run, own)
            parts = parts or [narrowed(base.name, own) if base and near else own] * run
    if len(parts) != run:
        return ""
    if all(_PLACE.search(part) and len(part) <= 8 for part in parts):
        total = theme.latest(figure, figure.mention.unit)  # 其中黄柏村、冷水村分别为860头和540头
        parts = [total.name] * run if total is not None else parts
    figure.parts = parts
    return parts[0]


def _unbundled(own: str, run: int) -> list[str]:
    """城乡居民人均可支配收入 → 城镇居民…, 农村居民…: the members a word stands for."""
    for word, members in BUNDLES.items():
        if len(members) == run and word in own:
            return [own.replace(word, member) for member in members]
    return []


def _parts_again(figure: Figure, theme: Theme, run: int) -> list[str]:
    """城镇、农村居民收入分别达到3万元、1万元，增长[5%、7%]: the parts of the list right before."""
    before = theme.figures[-run:]
    shared_out = all(f.sentence == figure.sentence and "distributed" in f.rules for f in before)
    names = [f.name for f in before]
    return names if shared_out and len(set(names)) == run else []


_APPORTIONS = re.compile("|".join(APPORTIONS))


def _chained(figure: Figure) -> bool:
    """Whether only a mark, 和 or a movement stands before a figure: 5.3%[和下降]2.8%."""
    movement = relations.words().movement
    return figure.joint is not None and all(
        word in "、，和及与 " or word in movement for word, _ in cut(figure.joint)
    )


def coordinates(tokens: list[Token], run: int = 0) -> list[str]:
    """一产、二产、三产增加值 → one name a part; a measure behind the last belongs to all.

    Where the marks alone make `run` parts, 和 stands inside one: 蔬菜、瓜果和茶叶、水稻.
    """
    cues = words()
    tokens = _without_apportioning(tokens)
    end = words_end(tokens)
    start = words_begin(tokens, end, cues)
    first = next((i for i, (word, _) in enumerate(tokens[:end]) if word == "、"), end)
    if start > first > 0:
        start = words_begin(tokens, first, cues)  # 油茶、林下[养]蜂三大产业
    while start < end and tokens[start][0] in cues.leading:
        start += 1
    groups: list[list[str]] = [[]]
    marked = sum(word == "、" for word, _ in tokens[start:end]) + 1 == run
    for i, (word, _) in enumerate(tokens[start:end], start):
        bound = i + 1 < end and tokens[i + 1][0] in relations.words().bounds  # 60岁[及]以上
        bound = bound or marked
        if (word in CONJUNCTIONS and not bound) or word == "、":
            groups.append([])
        elif word == "是":
            groups[-1] = []  # 居前三位的[是]溪源镇、城关镇和南坑镇
        else:
            groups[-1].append(word)
    groups = [g for g in groups if g]
    if len(groups) < 2:
        return []
    last = groups[-1]
    if (kind := _ORDINAL.match(last[0])) and len(last[0]) > kind.end():
        groups = [  # 第二、第三[产业]
            ["".join(g) + last[0][kind.end() :]] if _ORDINAL.fullmatch("".join(g)) else g
            for g in groups
        ]
    if (summed := _summed_up(last)) is not None:
        kept, tail = summed  # 油茶、百香果、林下养蜂三大产业[产值]
        return [balanced("".join(g) + tail) for g in [*groups[:-1], kept]]
    tail = ""
    keep = min(len(groups[0]), len(last) - 1)
    measured = MEASURED.search(last[-1]) and not MEASURED.search(groups[0][-1])
    same = keep == len(groups[0]) and last[keep - 1] == groups[0][-1]  # C级、D级[危房]
    if len(last) > 1 and (measured or same):
        tail = "".join(last[keep:])
        groups[-1] = last[:keep]
    return [balanced("".join(g) + tail) for g in groups]


def _summed_up(last: list[str]) -> tuple[list[str], str] | None:
    """The last part of a list in front of its number, and the measure of all behind it.

    Each may be of the thing the number counts: 养老、工伤[两项保险参保人数].
    """
    at = next((i for i, word in enumerate(last) if i and _COUNT_OF_LIST.fullmatch(word)), 0)
    if not at:
        return None
    rest = last[at + 1 :]
    while rest and (rest[0] in CLASSIFIERS or cut(rest[0])[0][1] in ("b", "a")):
        rest = rest[1:]
    measured = len(rest) > 1 and MEASURED.search(rest[-1]) is not None
    return last[:at], "".join(rest) if measured else ""


_ORDINAL = re.compile("第[一二三四五六七八九十]")
_COUNT_OF_LIST = re.compile("[两二三四五六七八九十]{1,2}[大项个类家种条名所座处]?")


def _without_apportioning(tokens: list[Token]) -> list[Token]:
    """一产、二产[分别实现]增加值: the word that shares out and the verb behind say no name."""
    at = next((i for i, (word, _) in enumerate(tokens) if word in APPORTIONS), None)
    if at is None:
        return tokens
    behind = at + 1
    while behind < len(tokens) and tokens[behind][0] in words().light:
        behind += 1
    return tokens[:at] + tokens[behind:]


def _earlier_parts(figure: Figure, theme: Theme, run: int, own: str) -> list[str]:
    """The names of the last `run` figures of the sentence, or the parts of a clause before."""
    for clause in figure.lead_clauses[:1]:
        parts = coordinates(cut(clause))
        if own and len(parts) == run:
            return [part + own for part in parts]
    earlier = [f for f in theme.figures if f.sentence == figure.sentence and f.name]
    named = [f.name for f in earlier if f.name not in SUMMARIES]
    names = list(dict.fromkeys(named))
    if len(names) >= run and (not own or figure.measure in _BORROWS):
        return names[-run:]
    for clause in figure.lead_clauses:
        parts = coordinates(cut(clause))
        if len(parts) == run:
            return [part + own for part in parts]
    return []


def whole_of(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """占总人口54.78%: the share of one thing in another, 劳动力占总人口比重."""
    if figure.relation != "占":
        return ""
    own = figure.own
    if not own:
        base = theme.latest(figure)
        if base is not None and base.relation == "占":  # 占总人口的5%，占农业人口的8%
            base = theme.latest(figure, other_than="占")
        own = base.name if base is not None else ""
    whole = "".join(word for word, _ in figure.whole[: words_end(figure.whole)])
    if not whole and own and _done_before(figure, theme):
        figure.measure = "completion"  # 占全年任务的49.4%；增加值1.92亿元，[占]51.2%
        return own
    whole = whole.lstrip("其该") if len(whole) <= 14 else phrase(figure.whole)
    if not own:
        return ""
    figure.root = _root(own)
    noun = next((noun for noun in SHARES if whole.endswith(noun)), "比重")
    whole = whole.removesuffix(noun).removesuffix("的")
    return f"{own}占{whole}{noun}" if whole else f"{own}占比"


def _done_before(figure: Figure, theme: Theme) -> bool:
    """Whether the last percentage of the sentence was the share of a plan done."""
    for other in reversed(theme.figures[-4:]):
        if other.sentence != figure.sentence:
            return False
        if other.mention.kind == "ratio":
            return "completion:done" in other.rules
    return False


def borrowed(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """累计增速4.0%: growth, completion and rank carry the name of what they are about."""
    if figure.measure not in _BORROWS:
        return ""
    own = figure.own.removesuffix("比") if figure.base_time else figure.own
    cues = words()
    base = theme.latest(figure)
    if figure.measure == "rank" and figure.previous is not None:
        if figure.previous.measure == "rank" and (not own or "、" in (figure.joint or "")):
            return figure.previous.name
        if figure.previous.scope and not own:
            own = _ranked(figure.previous)
    movement = own in relations.words().movement_nouns
    unit = figure.mention.unit
    same = theme.latest(figure, unit) if unit and unit != "百分点" else None
    if figure.measure == "change" and same is not None and same.sentence == figure.sentence:
        base = same  # 收购春茶86吨，产值516万元，比去年多9吨
    counted = own.removesuffix("数")
    if counted != own and own in cues.bare and (its := theme.latest(figure, counted)) is not None:
        base = its  # 事故3起、死亡2人，起数上升50%
    stands = own.endswith("率") and len(own) > 2 and not movement  # 满意率居全市第1位
    if (
        figure.measure == "rank"
        and base is not None
        and (own in cues.bare or movement)
        and not stands
    ):
        before = reversed(theme.figures[-6:])
        ranked = next((f for f in before if f.measure != "rank" and not f.scope), base)
        return ranked.name + own if movement else ranked.name
    if base is not None and _is_goal(own):
        return base.name  # 距65%的目标还差3.8个百分点
    if figure.measure == "completion" and base is not None and base.measure != "level":
        levels = (f for f in reversed(theme.figures[-6:]) if f.sentence == figure.sentence)
        base = next((f for f in levels if f.measure == "level" and not f.scope), base)
    done = figure.relation == "done" and not MEASURED.search(own)
    if done and base is not None and base.sentence == figure.sentence:
        own = ""  # 完成省民生工程任务的130%
    if own and base is not None and (own in cues.bare or movement):
        return narrowed(base.name, own)
    if own.endswith("均") and figure.relation in relations.words().movement:
        return own + figure.relation  # 户均[增收]
    if figure.relation == "rate" and places.is_area(own):
        return figure.rules[-1].partition(":")[2]  # 清溪村[完成率]96%
    if len(own) > 1 or (own and _is_goods(subject)):
        return own
    if figure.previous is None and (between := _spoken_between(figure)):
        return between  # 产值8亿元，建材业受市场拖累，下滑12.3%
    if base is not None and base.sentence == figure.sentence:
        figure.root = root(base)
        work = figure.relation == "done" and relations.words().work.search(figure.left_text)
        if work and figure.measure == "completion":
            return narrowed(base.name, "")
        if figure.relation in relations.words().net and root(base):
            return root(base)  # 新增300户，注销80户，[净增]220户
        return base.name
    for clause in figure.lead_clauses:
        earlier = subject_of(clause)
        if earlier:
            return earlier
    return base.name if base is not None else own


def _spoken_between(figure: Figure) -> str:
    """The subject of the clause right in front, when no preposition opens it."""
    for clause in figure.lead_clauses[:1]:
        tokens = cut(clause)
        noun = subject_of(clause)
        skipped = words().leading | {"“", "《"}
        opens = next((t for w, t in tokens if t in ("p", "c") or w not in skipped), "")
        if opens in NOUNS and noun not in words().bare | relations.words().movement_nouns:
            return noun
    return ""


def _ranked(scope: Figure) -> str:
    """实际解决率列全区10个街镇第四: what stands before the words that say where."""
    standing = relations.words().standing
    for i in range(len(scope.left) - 1, -1, -1):
        if scope.left[i][0] in standing:
            return phrase(scope.left[:i])
    return ""


def distance(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """距县城22.5公里、市区40公里, 位于县城西南部19公里处: how far it is to a place."""
    if figure.mention.kind != "length":
        return ""
    found = _TO_PLACE.search(figure.left_text)
    before = figure.previous
    if found is None and before is not None and "distance" in before.rules:
        found = _NEXT_PLACE.fullmatch(figure.joint or "")
        if found and found[1].endswith(tuple(words().measures)):
            found = None
    if found is None and figure.right_text.startswith(("处", "的")):
        found = _AT_PLACE.search(figure.left_text)
    return f"距{found[1]}距离" if found else ""


_TO_PLACE = re.compile(DISTANCES["to"])
_NEXT_PLACE = re.compile(DISTANCES["next"])
_AT_PLACE = re.compile(DISTANCES["at"])


def owner_behind(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """占地90亩的采摘园区: a measure in front and its owner behind 的."""
    right = _shared_right(figure)
    if len(right) < 2 or right[0][0] != "的":
        return ""
    own = figure.own
    end = figure.end
    last = subject[end - 1][0] if end else ""
    if last in words().measures and (len(own) > 8 or ("从", "p") in subject):
        own = last  # 从砖厂到东风路[长]3.2公里的柏油路
    if own not in words().measures and own not in words().bare:
        return ""
    rest = right[1:]
    end = noun_phrase(rest, words(), figure.following is not None)
    owner = "".join(word for word, _ in rest[:end])
    return owner + own if len(owner) > 1 and owner not in GOALS else ""


def _shared_right(figure: Figure) -> list[Token]:
    """The words behind the last of a list of measures: 全长12公里、宽6米[的旅游公路]."""
    while figure.following is not None and figure.right and figure.right[0][0] in "、，":
        fillers, cues = relations.words().fillers, words()
        between = "".join(word for word, _ in figure.right[1:] if word not in fillers)
        if between not in cues.measures and between not in cues.bare:
            break
        figure = figure.following
    return figure.right


def aim(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """完成全年5000人目标的82%: how much was aimed at, of what was named before."""
    following = figure.following
    if following is None or following.mention.kind != "ratio":
        return ""
    if not any(word in AIMED for word, _ in figure.left):
        return ""
    pattern = relations.words().aim
    reached = following.left_text
    if not (pattern.fullmatch(reached) or (reached == "的" and pattern.search(figure.left_text))):
        return ""
    base = theme.latest(figure)
    if base is None or base.sentence != figure.sentence:
        return ""
    figure.relation = "aim"
    figure.scope = True
    figure.root = root(base)
    return base.name


def goal_of(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """距国家50%的要求: a goal of what was named before."""
    right = figure.right
    if not right:
        return ""
    if not any(word in GOALS for word, _ in right[: 1 + (right[:1] == [("的", "uj")])]):
        return ""
    if not _TOWARDS_GOAL.search(figure.left_text):
        return ""
    base = theme.latest(figure)
    return "" if base is None or base.sentence != figure.sentence else base.name


_TOWARDS_GOAL = re.compile(DISTANCES["goal"])


def time_limit(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """对反映的问题3个工作日内响应: what has to be done within a time names it."""
    right = figure.right
    if figure.mention.kind != "duration" or not right or right[0][0] not in WITHIN:
        return ""
    end = 1
    while end < len(right) and right[end][1] in ("v", "vn", "d", "n", "ns"):
        end += 1
    act = "".join(word for word, tag in right[1:end] if tag != "d")
    if not 1 < len(act) <= 8:
        return ""
    earlier = figure.previous
    chained = earlier is not None and "time_limit" in earlier.rules
    own = (earlier.own if earlier and chained else figure.own).removesuffix("在")
    own = own.removesuffix("须")
    return f"{own}{act}时限" if 1 < len(own) <= 12 else act


def relative(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """整改不力的38个单位: a clause in front with 的 says which of the noun behind."""
    if not behind or not figure.left or figure.left[-1][0] != "的":
        return ""
    if figure.mention.kind not in _COUNTED:
        return ""
    own = figure.own
    figure.root = behind
    return own + behind if 1 < len(own) <= 14 else behind


def amount_of(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """果蔬产出57亿元产值: a measure behind takes its subject from in front."""
    granted = _granted(figure)
    if granted and granted not in RATES:
        return _who_is_paid(figure, subject) + granted
    if behind not in words().measures:
        return ""
    if behind in RATES and (paid := _paid_behind(figure)):
        return paid + behind  # 按每人每月1150元标准发放生活费
    end = figure.end
    while end > 0 and subject[end - 1][1] in ("v", "vn", "d"):
        end -= 1
    return phrase(subject[:end]) + behind


def _granted(figure: Figure) -> str:
    """What is paid by a rate: 每亩450元给予一次性[补助], 每人每月655元的[城镇低保标准]."""
    right = figure.right
    if figure.mention.kind not in ("money", "compound", "ratio") or not right:
        return ""
    at = 0
    while at < len(right) and right[at][0] in GRANTED:
        at += 1
    rest = right[at:]
    if not rest or (at == 0 and not rest[0][0].endswith(PAYMENTS)):
        return ""
    noun = "".join(w for w, _ in rest[: noun_phrase(rest, words(), figure.following is not None)])
    return noun if noun.endswith(PAYMENTS) or (right[0][0] == "的" and noun in RATES) else ""


def _who_is_paid(figure: Figure, subject: list[Token]) -> str:
    """倒房户重建[按每户]3万元补助: the words in front of 按, or the clause before."""
    at = next((i for i, (word, _) in enumerate(subject) if word in BY), len(subject))
    own = phrase(subject[:at])
    if own or figure.previous is not None:
        return own
    for clause in figure.lead_clauses[:1]:
        if clause.endswith("的"):
            return phrase(cut(clause[:-1]))  # 自愿拆除闲置危旧房[的]，按35元/平方米给予补助
    return ""


def _paid_behind(figure: Figure) -> str:
    """What is given out by the rate that the figure is: the noun behind 标准 and a verb."""
    rest = figure.right[1:]
    if len(rest) < 2 or rest[0][1] not in ("v", "vn"):
        return ""
    end = noun_phrase(rest[1:], words(), figure.following is not None)
    return "".join(word for word, _ in rest[1 : 1 + end])


def behind_name(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """21家规上企业: the noun behind a count, or behind an amount with no measure in front."""
    if not behind:
        return ""
    kind = figure.mention.kind
    cues = words()
    end = figure.end
    last = subject[end - 1][0] if end else ""
    if last in cues.measures or last.endswith(("率", "面积", "总额", "产值", "收入")):
        return ""
    if kind == "ratio":
        return ""
    if last in cues.remainders:
        if all(tag in ("v", "vn", "d", "p") for _, tag in figure.right[:2]):
            return ""  # 剩余8户[拟申请]强制执行
        return last + behind
    verbal = figure.right[0][1] in ("v", "d", "p", "vd")
    used = noun_behind(figure)[1]
    if verbal and used and figure.right[used - 1][1] in ("n", "nz"):
        # 国省道十处[测速]点位全部启用
        verbal = used == len(figure.right) or figure.right[used][1] not in ("d", "ad")
    noun = bool(end) and subject[end - 1][1] in ("n", "nz") and last not in cues.leading
    if verbal and (kind not in _COUNTED or noun):
        return ""  # 摸排问题厕所187户[整改]任务
    if behind in cues.generic | DIVISIONS and (honoured := _honoured(figure, behind)):
        return honoured
    if kind == "person" and len(behind) > 4:
        behind = behind.removesuffix("问题")  # 解决210人季节性缺水问题
    figure.root = behind
    return balanced(behind)


def _honoured(figure: Figure, behind: str) -> str:
    """4个村获评“美丽庭院”示范村: what the generic things counted became."""
    rest = figure.right[1:]
    while rest and rest[0][0] in ("仍", "已", "均", "都"):
        rest = rest[1:]
    if len(rest) < 2 or rest[0][0] not in HONOURS:
        return ""
    became = balanced("".join(word for word, _ in rest[1:]))
    return became if became.endswith(behind) and len(became) > len(behind) else ""


def none_of(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """无一人因贫辍学: what nobody did stands behind."""
    if behind or figure.mention.value != 0 or not figure.right:
        return ""
    text = balanced(figure.right_text)
    return text if 1 < len(text) <= 8 else ""


def predicate_behind(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """尚有5个未开工: a predicate behind says which part of the theme."""
    if behind or not figure.right or figure.mention.kind not in _COUNTED | {"area"}:
        return ""
    if figure.mention.value != 0 and figure.own and not figure.own.endswith(RESULTS):
        return ""
    first = next((tag for _, tag in figure.right if tag not in ("a", "ad")), "")
    if first not in ("v", "vn", "d", "vd"):
        return ""  # 2400余人[紧急转移安置]
    right = figure.right[: -1 if figure.right[-1][0] in "、和" else None]
    if any(tag not in ("v", "vn", "d", "vd", "a", "ad", "z") for _, tag in right):
        return ""
    predicate = _without_adverbs(right)
    if figure.mention.kind == "person":
        figure.used = len(right) if figure.following is not None else 0
        return predicate + "人数"
    base = theme.latest(figure, figure.mention.unit, rooted=True)
    if base is None:
        return ""
    figure.root = root(base)
    return predicate + root(base)


def _without_adverbs(predicate: list[Token]) -> str:
    """一度溢洪 → 溢洪, 已全部转移 → 转移, but 未开工, 不达标."""
    while len(predicate) > 1 and predicate[0][1] in ("d", "mq") and predicate[0][0] not in "未不":
        predicate = predicate[1:]
    return "".join(word for word, _ in predicate)


def identified(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """其余244家为民营医疗机构: what the figure is said to be."""
    if behind or len(figure.right) < 2 or figure.mention.kind not in _COUNTED:
        return ""
    if figure.right[0][0] not in IDENTITIES:
        return ""
    own = figure.own
    if own and own not in words().remainders:
        return ""
    rest = figure.right[1:]
    return "".join(w for w, _ in rest[: noun_phrase(rest, words(), False)])


def total_of(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """办理助学贷款862笔，计654.3万元: the amount of what was counted before."""
    kind = figure.mention.kind
    if behind or kind not in ("money", "area", "length", "mass", "person"):
        return ""
    if figure.previous is not None and any(word not in SUMS for word, _ in figure.left):
        return ""  # 决口3处共计240米
    if not figure.left or figure.own or figure.left[-1][0] not in SUMS:
        return ""
    base = theme.latest(figure)
    if base is None or base.sentence != figure.sentence:
        return ""
    if kind == "person" and (base.clause != figure.clause - 1 or base.name in DIVISIONS):
        return ""  # 5个少数民族，共2921人, but 48个村民小组，共1.6万人
    if kind == "person" and base.name.endswith(GROUPS):
        return ""  # 组建救援队1支，共140人
    return base.name + ("面积" if kind == "area" else "")


def part_of_place(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """受灾人口9人（保定市4人）: a place in front says where, not what."""
    if behind:
        return ""
    own = figure.own
    if not own or len(own) > 8 or not _PLACE.search(own):
        return ""
    last, tag = subject[figure.end - 1]
    before = subject[figure.end - 2] if len(last) == 1 and len(subject) > 1 else ("", "ns")
    by_tags = (len(before[0]) <= 1 or before[1] in ("ns", "nr", "nz", "nt")) and (
        len(last) == 1 or tag == "ns" or (figure.parenthesis and last[-1] in "省市县区州盟旗")
    )
    if not by_tags and not places.is_area(own):
        return ""  # 县级[文明]村
    if figure.previous is None and (what := _about(figure.lead_clauses)):
        return what  # 财政收入方面，城关镇完成3960万元
    base = theme.latest(figure, figure.mention.unit)
    if base is None or not (base.sentence == figure.sentence or _is_breakdown(figure)):
        return ""
    figure.root = root(base)
    return base.name


def _about(clauses: Sequence[str]) -> str:
    """What the clause right in front says that the places behind it are told of."""
    match = ABOUT.fullmatch(clauses[-1]) if clauses else None
    return match["what"] if match else ""


def _is_breakdown(figure: Figure) -> bool:
    """Whether the sentence tells the parts of the one before: 。其中保华镇2户10人."""
    if figure.left_text.startswith("其中") or "其中" in figure.lead_clauses:
        return True
    return any(_SEEN_BY.match(clause) for clause in figure.lead_clauses[-1:])


_SEEN_BY = re.compile("[从分按][^，。]{1,5}看$")


def governed(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """转移7个乡镇、67个村、8.6万人: the verb of the list names its bare last figure."""
    kind = figure.mention.kind
    if behind or figure.previous is None or figure.own or kind not in ("person", "household"):
        return ""
    first = figure.previous
    while first.previous is not None:
        first = first.previous
    end = words_end(first.left)
    if not end or first.left[end - 1][1] not in ("v", "vn"):
        return ""
    return (phrase(first.left) or first.left[end - 1][0]) + ("人数" if kind == "person" else "户")


def _is_goal(own: str) -> bool:
    """Whether a name says no more than a goal and how far it is: 目标, 任务尚差, 超任务数."""
    return own in GOALS or _GOAL.fullmatch(own) is not None


_GOAL = re.compile(DISTANCES["goal_name"])


def done_share(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """移交的9件积案100%办结: a verb behind a percentage says what was done to what came before."""
    if figure.mention.kind != "ratio" or figure.measure != "share" or not figure.right:
        return ""
    previous = figure.previous
    verb, tag = figure.right[0]
    if previous is None or not previous.used or previous.used < len(subject):
        return ""
    if tag not in ("v", "vn") or len(verb) != 2 or (len(figure.right) > 1 and behind):
        return ""
    return f"{root(previous)}{verb}率" if root(previous) else ""


def shared_behind(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """1436户6785名贫困人口: two figures side by side share the noun behind the second."""
    following = figure.following
    if behind or following is None or following.joint not in ("", "、"):
        return ""
    if figure.right and figure.right_text != "、":
        return ""
    if figure.mention.kind not in _COUNTED:
        return ""
    if figure.own and any(
        tag not in ("v", "vn", "d", "ad", "a", "vd") and word not in words().leading | words().light
        for word, tag in cut(figure.own)
    ):
        return ""
    return noun_behind(following)[0]


def owned(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """保障6.8万人的安全饮水问题: what of those counted was seen to."""
    if len(figure.right) < 2 or figure.right[0][0] != "的":
        return ""
    if figure.mention.kind not in ("person", "household"):
        return ""
    rest = figure.right[1:]
    end = noun_phrase(rest, words(), figure.following is not None)
    noun = "".join(word for word, _ in rest[:end])
    if figure.mention.kind == "person" and noun.endswith(GROUPS):
        return noun + "人数"  # 组建30人的扑火队
    if figure.own and figure.own not in words().causative:
        return ""
    return noun.removesuffix("问题")


def attendance(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """开展教育6场，涵盖15个党支部500余人次: who came counts the event."""
    if behind or figure.mention.unit != "人次" or figure.own:
        return ""
    for other in reversed(theme.figures):
        if other.sentence != figure.sentence:
            return ""
        if other.mention.unit in EVENTS and root(other):
            return root(other) + "参与人次"
    return ""


_ATTRIBUTE = re.compile("[级类型式办]$")  # not a noun: 豆类
_VERBAL = frozenset(("v", "vn", "f", "d"))


def elided(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """已竣工9个, 其余3个: only a verb, or nothing, and the theme's head with the same unit."""
    cues = words()
    own = figure.own
    fillers = relations.words().fillers
    if own and SIZE.fullmatch(own.removesuffix("级")) and figure.mention.kind in _COUNTED:
        sized = theme.latest(figure, figure.mention.unit, rooted=True)
        text = figure.left_text.rstrip("的")
        bound = text[-2:] if text.endswith(SIZES) else ""
        return f"{own}{bound}{root(sized)}" if sized is not None else ""
    if figure.mention.unit == "分" and own in POINTS:
        return ""
    if own and own not in cues.remainders:
        last, tag = subject[figure.end - 1]
        if not (tag in _VERBAL or last in cues.doing or _ATTRIBUTE.search(last)):
            return ""
        if len(last) == 1 and last in cues.heads:
            return ""  # 提灌[站]9处
    content = [
        (word, tag)
        for word, tag in subject
        if word not in cues.leading and word not in fillers and word not in "、，“”"
    ]
    attributes = bool(content) and all(
        _ATTRIBUTE.search(word) and (tag != "n" or word[-1] != "类") for word, tag in content
    )
    verbal = attributes or (
        any(
            tag in ("v", "vn") or word in cues.doing or word in cues.remainders
            for word, tag in content
        )
        and all(
            tag in ("v", "vd", "d", "vn", "a", "f", "b")
            or word in cues.doing
            or word in cues.remainders
            for word, tag in content
        )
    )
    if own and not verbal and own not in cues.remainders:
        return ""
    if content and not attributes:
        last, tag = content[-1]
        if not (tag in _VERBAL or last in cues.doing or last in cues.remainders):
            return ""
    if own and content and content[-1][0] in cues.measures:
        return ""
    base = theme.latest(figure, figure.mention.unit, rooted=True)
    remainder = own in cues.remainders
    amount = figure.mention.kind not in _COUNTED and figure.mention.kind != "ratio"
    if own and amount and (base is None or base.segment != figure.segment):
        return own
    apart = base is None or base.segment != figure.segment
    alone = figure.mention.kind == "person" or (figure.mention.kind == "household" and apart)
    if own and not remainder and alone:
        return own
    if own and amount and (figure.joint or "").startswith("、"):
        return own  # 专项债2.8亿元、[县级配套]1.46亿元
    if figure.mention.kind == "ratio" and own:
        if MEASURED.search(own) or len(own) > 4:
            return ""
        base = theme.latest(figure, rooted=True)
        return f"{own}率" if base is None else f"{root(base)}{own}率"
    if not own and amount:
        base = _nearer(figure, theme, base)
    if base is None:
        return ""
    figure.root = root(base)
    if not own or _from_to(figure):
        return base.name
    own = own.removeprefix("实际")
    if own in COMPLETE:
        return own
    if remainder:
        return own + _total(figure, theme, base)
    if verbal and root(base).endswith(own):
        return root(base)  # 河堤加固计划36公里，完成[加固]21公里
    if own in root(base) or own[-2:] == root(base)[-2:]:
        return own
    part = "其中" in base.left_text or root(base) != base.name
    generic = next((g for g in cues.generic if part and root(base).endswith(g)), "")
    if attributes:
        money = figure.mention.kind == "money"  # 其中中央1.2亿元、省级5870万元
        return own if money else own + _without_attribute(root(base))
    if sibling := _sibling(own, root(base)):
        return sibling
    noun = generic or _head(root(base))
    if len(noun) > 10:  # 不批捕, of 批准逮捕和决定逮捕各类刑事犯罪案件
        noun = next((g for g in cues.generic if noun.endswith(g)), "")
    return own + noun


def _without_attribute(noun: str) -> str:
    """国家级龙头 → 龙头: an attribute of the same kind takes the place of the first."""
    tokens = cut(noun)
    if len(tokens) > 1 and _ATTRIBUTE.search(tokens[0][0]):
        behind = 2 if tokens[1][0] in SIZES and len(tokens) > 2 else 1
        return "".join(word for word, _ in tokens[behind:])
    return noun


def _sibling(verb: str, noun: str) -> str:
    """企业变更 + 注销 → 企业注销: what else was done to a thing, unless it is a stage of the first.

    Empty where the noun does not end with such a verb, a counting noun aside.
    """
    if verb in STAGES or any(word in STAGES for word, _ in cut(verb)):
        return ""
    counting = next((c for c in COUNTING if noun.endswith(c)), "")
    tokens = cut(noun[: len(noun) - len(counting)])
    if len(tokens) < 2 or len(tokens[-1][0]) != 2 or tokens[-1][1] not in ("v", "vn"):
        return ""
    return "".join(word for word, _ in tokens[:-1]) + verb + counting


def _from_to(figure: Figure) -> bool:
    """由56个优化调整为64个: the new level of what the figure before was the old level of."""
    previous = figure.previous
    return (
        previous is not None
        and previous.mention.unit == figure.mention.unit
        and previous.name != ""
        and figure.left_text.endswith("为")
        and any(word in ORIGINS for word, _ in previous.left)
    )


def _nearer(figure: Figure, theme: Theme, base: Figure | None) -> Figure | None:
    """The subject of a growth or share in the sentence, before an amount of an earlier one."""
    if base is not None and base.sentence == figure.sentence:
        return base
    latest = theme.latest(figure)
    spoken = latest is not None and latest.sentence == figure.sentence
    return latest if latest is not None and spoken and latest.measure != "level" else base


def _total(figure: Figure, theme: Theme, base: Figure) -> str:
    """The noun of the first figure of the sentence with the unit, which the rest is of."""
    for other in theme.figures[-12:]:
        if other.sentence == figure.sentence and other.mention.unit == figure.mention.unit:
            return root(other) or root(base)
    return root(base)


def _head(noun: str) -> str:
    """用工、用电等方面诉求 → 诉求: the last word of a long noun."""
    return noun if len(noun) <= 10 or "等" not in noun else cut(noun)[-1][0]


def front_name(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """规上工业总产值8.64亿元: the words in front; a bare measure takes the theme along."""
    own = figure.own
    if not own:
        return ""
    if kind := _kind_of_members(figure, subject):
        return kind
    if _is_goal(own) and (base := theme.latest(figure, figure.mention.unit)) is not None:
        return base.name  # 新增泊位520个（目标500个）
    if own.endswith("率") and len(own) <= 4:
        for base in reversed(theme.figures[-4:]):
            counted = base.measure == "level" and base.mention.kind != "money"
            if base.sentence == figure.sentence and counted and root(base):
                noun = root(base)
                return noun + own if len(noun) <= 10 and own[:-1] not in noun else own
        return own
    if figure.mention.unit == "分" and own.endswith(POINTS):
        points = POINTS_EACH.sub("", own).removesuffix("的") + "分"  # 违规焚烧秸秆扣10分
        before = figure.previous
        return before.name + points if before is not None and own in POINTS else points
    if own.endswith("均") and figure.previous is None and figure.lead_clauses:
        whose = subject_of(figure.lead_clauses[0])
        if 1 < len(whose) <= 12:
            return own + whose  # 退休人员养老金“十一连涨”，月人均达3000元
    if own in CATEGORIES and (listed := _of_category(figure, theme)):
        return own + listed
    if len(own) > 2 and own.endswith("均"):
        total = theme.latest(figure, figure.mention.unit)
        return own + root(total) if total is not None else own  # 耕地5万亩，农民[人均]占有3亩
    if len(own) == 2 and own[1] == "均":
        total = theme.latest(figure)
        if total is not None and total.segment == figure.segment:
            return own + root(total)  # 生产总值20亿元，[人均]3万元
    if own in words().bare:
        if figure.previous is None and (said := _said_before(figure)):
            return said + own  # 粮食作物以春小麦为主，[总产]1.24万吨
        latest = theme.latest(figure)
        if (
            latest is not None
            and latest.segment == figure.segment
            and len(latest.name) <= 12
            and latest.name not in words().defaults.values()
            and latest.name not in words().measures
            and latest.name not in DIVISIONS
            and (
                latest.measure == "growth"
                or latest.mention.kind not in ("length", "duration", "temperature", "ratio")
            )
        ):
            whole = narrowed(latest.name, own)
            return whole if whole != own else _of_segment(figure, theme, own)
    if figure.mention.kind in _COUNTED and end_verb(subject) in TRAILING:
        verb = end_verb(subject)
        noun = own.removesuffix(verb)
        return verb + noun if len(noun) > 1 and noun != own else own
    return own


def _is_goods(subject: list[Token]) -> bool:
    """Whether one noun of a letter is all that stands in front: 纱增长31.6%, 布下降2.1%."""
    if len(subject) != 1 or subject[0][0] in words().predicates | words().leading:
        return False
    return subject[0][1] in ("n", "ng", "nr", "zg")


def _of_segment(figure: Figure, theme: Theme, measure: str) -> str:
    """A bare measure by the figures of its stretch: 夏粮面积2万亩，单产300公斤，[总产]5千吨."""
    for other in reversed(theme.figures[-4:]):
        if other.segment == figure.segment and other.mention.kind == "area":
            return narrowed(other.name, measure)
    return measure


def _of_category(figure: Figure, theme: Theme) -> str:
    """教师数小学120人、[初中]86人: what the category before was of."""
    before = theme.figures[-1] if theme.figures else None
    if before is None or before.sentence != figure.sentence:
        return ""
    other = next((c for c in CATEGORIES if before.own.endswith(c)), "")
    listed = before.own.removesuffix(other)
    return listed if other and len(listed) > 1 else ""


def _kind_of_members(figure: Figure, subject: list[Token]) -> str:
    """蜜源植物有乌桕、枇杷等16种: the kind whose members are listed in front of their number."""
    if not figure.left_text.rstrip("共计约有达").endswith("等") or figure.mention.kind != "count":
        return ""
    verb = next((i for i, (word, _) in enumerate(subject) if word in MEMBERS), 0)
    listed = any(word == "、" for word, _ in subject[verb:])
    return phrase(subject[:verb]) if verb and listed else ""


def end_verb(subject: list[Token]) -> str:
    """The last word in front of a figure."""
    end = words_end(subject)
    return subject[end - 1][0] if end else ""


def _said_before(figure: Figure) -> str:
    """The short subject of a clause right in front that says what a thing is."""
    for clause in figure.lead_clauses[:1]:
        tokens = cut(clause)
        if any(word in COPULAS and word != "主要" for word, _ in tokens):
            subject = subject_of(clause)
            return subject if 1 < len(subject) <= 8 and not MEASURED.search(subject) else ""
    return ""


def narrowed(theme: str, measure: str) -> str:
    """苹果梨种植面积 + 产量 → 苹果梨产量: the theme without its own measure, and the measure."""
    if measure and theme.endswith(measure):
        total = "总" + measure  # 项目总投资3.2亿元，全年完成[投资]1亿元
        return theme.removesuffix(total) + measure if theme.endswith(total) else theme
    if measure not in relations.words().movement_nouns and measure not in APPENDED:
        for bare in words().bare_by_length:
            if theme.endswith(bare) and _is_narrowed(theme, bare) and MEASURED.search(bare):
                kept = cut(theme[: -len(bare)])
                while len(kept) > 1 and kept[-1][1] in ("v", "vn") and bare == "面积":
                    kept.pop()  # 夏粮[收获]面积
                if kept and kept[-1][1] in ("v", "vn", "a", "d", "b", "ad"):
                    return measure  # 营业收入850万元，利润39万元
                return "".join(word for word, _ in kept) + measure
    whose = cut(theme)
    while len(whose) > 1 and whose[0][0] in YEARLY:
        whose = whose[1:]  # [年出栏]生猪
    return "".join(word for word, _ in whose) + measure


def _is_narrowed(theme: str, bare: str) -> bool:
    """Whether a name says more than its measure: 羊|饲养量, but not 总|产量."""
    rest = theme.removesuffix(bare)
    return len(rest) > 1 or (rest != "" and cut(rest)[0][1] == "n")


def earlier_subject(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """烤烟为传统产业，现有1257亩: the subject of an earlier clause carries on."""
    event = figure.mention.unit in EVENTS and figure.own in EVENT_VERBS
    if behind or figure.previous is not None or (figure.own and not event):
        return ""
    for clause in figure.lead_clauses:
        held = _held(clause) if figure.mention.unit in EVENTS else ""
        if held or event:
            return held
        found = _lead_name(clause)
        if found:
            base = theme.latest(figure, figure.mention.unit)
            if base is not None and root(base) and figure.mention.kind == "area":
                return narrowed(
                    found, next((m for m in words().bare_by_length if base.name.endswith(m)), "")
                )
            return found
    return ""


def _held(clause: str) -> str:
    """每月召开[安全生产例会]: what was held, by the verb of a clause."""
    tokens = cut(clause)
    verb = next((i for i, (word, _) in enumerate(tokens) if word in EVENT_VERBS), None)
    if verb is None:
        return ""
    rest = tokens[verb + 1 :]
    while rest and (rest[0][1] in ("m", "mq", "q") or rest[0][0] in words().leading):
        rest = rest[1:]
    end = noun_phrase(rest, words(), False, events=True)
    if all(tag in NOMINAL or tag == "v" for _, tag in rest):
        end = len(rest)  # 党员志愿[服务活动]
    return "".join(word for word, _ in rest[:end])


_OPENS_LIST = frozenset(("为", "如下", "是"))


def _lead_name(clause: str) -> str:
    """What a clause without figures is about: its subject, or the object of its verb."""
    tokens = cut(clause)
    if tokens and tokens[-1][0] in _OPENS_LIST:
        return phrase(tokens[:-1]).removesuffix("情况")  # 分月完成投资情况为：8月2860万元
    if any(word in COPULAS for word, _ in tokens):
        return subject_of(clause)
    subject = subject_of(clause)
    if tokens and tokens[-1][1] in NOUNS and not MEASURED.search(subject):
        return phrase(tokens)  # 最大[降雨量]出现在石门乡 is about the measure, not the place
    return subject


def acted(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """已有136户签订拆迁协议: what those counted did, when nothing else names them."""
    right = figure.right
    if not right and figure.following is not None and figure.following.joint == "":
        right = figure.following.right  # 12户23人[纳入监测]
    if behind or not right or figure.mention.kind not in _COUNTED:
        return ""
    if right[0][1] not in ("v", "vn", "d") or figure.own:
        return ""
    text = balanced(_without_adverbs([token for token in right if token[0] != "了"]))
    if len(text) > 12:
        return ""
    base = theme.latest(figure, figure.mention.unit, rooted=True)
    part = figure.mention.kind == "count" and right[0][0] in words().predicates
    if base is not None and part and base.segment == figure.segment:
        figure.root = root(base)
        return text + root(base)  # 项目12个，尚有5个[处于前期阶段]
    return text


def continued(figure: Figure, theme: Theme, subject: list[Token], behind: str) -> str:
    """、80头: nothing in front and nothing behind; the figure before is still spoken of."""
    base = theme.latest(figure)
    if base is not None and base.mention.kind == figure.mention.kind:
        return base.name
    follows = base is not None and figure.clause - base.clause <= 1
    if base is not None and follows and figure.mention.kind == "person":
        if base.mention.kind == "household":  # 总人口7587户，26932人
            return POPULATION if base.name in words().defaults.values() else base.name
        if base.name in DIVISIONS:
            return POPULATION  # 48个村民小组，16654人
    near = base is not None and base.sentence == figure.sentence
    if base is not None and near and figure.mention.kind == "person" and base.name.endswith(GROUPS):
        return base.name + "人数"  # 组建救援队1支，共140人
    if base is not None and near and any(word.startswith("每") for word, _ in figure.left):
        return base.name  # 扶持创业5人，每人5000元
    return words().defaults.get(figure.mention.kind, "" if base is None else base.name)


RULES: tuple[Rule, ...] = (
    distributed,
    same_noun,
    whole_of,
    borrowed,
    aim,
    goal_of,
    time_limit,
    distance,
    owner_behind,
    amount_of,
    relative,
    behind_name,
    none_of,
    identified,
    predicate_behind,
    part_of_place,
    done_share,
    shared_behind,
    owned,
    governed,
    attendance,
    earlier_subject,
    total_of,
    acted,
    elided,
    front_name,
    continued,
)
_USES_BEHIND = (behind_name, relative)

# What the rules ask first of a figure, so that those that do not apply need not be called.
_KINDS: dict[Rule, frozenset[str]] = {
    time_limit: frozenset({"duration"}),
    distance: frozenset({"length"}),
    relative: _COUNTED,
    identified: _COUNTED,
    predicate_behind: _COUNTED | {"area"},
    done_share: frozenset({"ratio"}),
    shared_behind: _COUNTED,
    owned: frozenset({"person", "household"}),
    governed: frozenset({"person", "household"}),
    total_of: frozenset({"money", "area", "length", "mass", "person"}),
    acted: _COUNTED,
}
_NOUN_BEHIND: dict[Rule, bool] = {
    same_noun: False,
    relative: True,
    behind_name: True,
    none_of: False,
    identified: False,
    predicate_behind: False,
    part_of_place: False,
    shared_behind: False,
    governed: False,
    attendance: False,
    earlier_subject: False,
    total_of: False,
    acted: False,
}
_NAME_IN_FRONT: dict[Rule, bool] = {
    part_of_place: True,
    governed: False,
    attendance: False,
    total_of: False,
    acted: False,
    front_name: True,
}
_WORDS_BEHIND = frozenset(
    {goal_of, time_limit, owner_behind, amount_of, none_of, identified, predicate_behind}
    | {done_share, owned}
)
_FIRST: dict[Rule, bool] = {same_noun: False, governed: False, earlier_subject: True}
_LAST: dict[Rule, bool] = {aim: False, shared_behind: False}


@cache
def _rules(
    kind: str, noun_behind: bool, own: bool, right: bool, first: bool, last: bool
) -> tuple[Rule, ...]:
    """The rules that can name a figure, in their order.

    It is of `kind`; `noun_behind`, `own` and `right`: whether a noun stands behind it, a name
    in front of it, and any word behind it; it is the `first` or the `last` of its clause.
    """
    return tuple(
        rule
        for rule in RULES
        if (rule not in _KINDS or kind in _KINDS[rule])
        and _NOUN_BEHIND.get(rule, noun_behind) == noun_behind
        and _NAME_IN_FRONT.get(rule, own) == own
        and (right or rule not in _WORDS_BEHIND)
        and _FIRST.get(rule, first) == first
        and _LAST.get(rule, last) == last
    )
