"""Decides what a figure says of its indicator: level, share, growth, change, completion or rank."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from transforms import lexicon
from transforms.extract.surroundings import Figure, Token


@dataclass(frozen=True, slots=True)
class Words:
    """The cue words of `seeds/cues/relations.toml` and `names.toml`, compiled."""

    movement: dict[str, int]  # word → sign
    movement_nouns: frozenset[str]
    needs_base: frozenset[str]
    alone: frozenset[str]
    fillers: frozenset[str]
    levels: frozenset[str]
    rates: frozenset[str]
    own_rates: re.Pattern[str]  # in front of such a rate, which is then an indicator itself
    share: frozenset[str]
    done: re.Pattern[str]  # completion of a plan, at the end of the text in front
    of_plan: re.Pattern[str]  # the same without its verb, all that stands in front
    leading: frozenset[str]
    rank: frozenset[str]
    standing: frozenset[str]
    work: re.Pattern[str]  # of work, not of the money for it
    plans: tuple[str, ...]
    finished: tuple[str, ...]
    no_name: re.Pattern[str]  # words about a plan that name nothing
    rises: tuple[str, ...]
    falls: tuple[str, ...]
    compared: frozenset[str]
    near: frozenset[str]
    said: frozenset[str]  # compare with a time that is not said: 同比
    bounds: frozenset[str]
    ages: frozenset[str]
    moves: frozenset[str]
    net: frozenset[str]
    aim: re.Pattern[str]  # what stands between an aim and how much of it was reached
    part: re.Pattern[str]  # what a share is of, all that stands in front of it
    gaps: frozenset[str]
    averages: frozenset[str]
    balances: tuple[str, ...]  # rates that may be negative: 人口自然增长率为-0.97‰
    contests: re.Pattern[str]  # what is ranked: 在全县综合[考核]中位列第3


@cache
def words() -> Words:
    """Compiled once a process."""
    relations = lexicon.toml("cues/relations.toml")
    names = lexicon.toml("cues/names.toml")
    movement = {w: group["sign"] for group in relations["movement"] for w in group["words"]}
    nouns = "|".join(sorted(relations["completion"]["nouns"], key=len, reverse=True))
    return Words(
        movement=movement,
        movement_nouns=frozenset(relations["noun_words"]["words"]),
        needs_base=frozenset(relations["changes_only_with_base"]["words"]),
        alone=frozenset(relations["changes_only_with_base"]["alone"]),
        fillers=frozenset(names["fillers"]["words"].split()),
        levels=frozenset(names["levels"]["words"]),
        rates=frozenset(relations["completion"]["rates"]),
        own_rates=re.compile(f"(?:{'|'.join(relations['completion']['own_rates'])})完成率"),
        share=frozenset(relations["share"]["words"]),
        done=re.compile(
            rf"(?P<verb>超额完成|已完成|完成|达到|达|实现|占到|占|为|是|相当于)(?P<what>[^，]{{0,12}}?)(?:{nouns})"
            r"(?:数|总数|总量|量|额|值)?的?$"
        ),
        of_plan=re.compile(rf"(?P<what>[^，]{{0,12}}?)(?:{nouns})(?:数|总数|总量|量)?的$"),
        work=re.compile("|".join(relations["completion"]["work"])),
        plans=tuple(relations["completion"]["plans"]),
        finished=tuple(relations["completion"]["behind"]),
        no_name=re.compile(f"^(?:{'|'.join(relations['completion']['no_name'])})+$"),
        rises=tuple(relations["growth_behind"]["up"]),
        falls=tuple(relations["growth_behind"]["down"]),
        compared=frozenset(relations["compared"]["words"]),
        said=frozenset(relations["compared"]["said"]),
        near=frozenset(relations["compared"]["words"] + relations["compared"]["near"]),
        bounds=frozenset(names["bounds"]["words"]),
        ages=frozenset(names["bounds"]["ages"]),
        moves=frozenset(relations["rank"]["moves"]),
        net=frozenset(relations["net"]["words"]),
        aim=re.compile(rf"(?:的)?(?:{nouns})(?:数|总数|总量|量)?的?"),
        leading=frozenset(names["leading"]["words"].split()),
        rank=frozenset(relations["rank"]["words"]),
        standing=frozenset(relations["rank"]["standing"]),
        part=re.compile(
            rf"(?:{'|'.join(relations['share']['amounts_to'])})(?P<whole>[^，]{{2,12}})的"
        ),
        gaps=frozenset(relations["gaps"]["words"]),
        averages=frozenset(relations["averages"]["words"]),
        balances=tuple(relations["share"]["balances"]),
        contests=re.compile("|".join(relations["rank"]["contests"])),
    )


def relate(figure: Figure, noun_behind: bool) -> list[Token]:
    """Set measure, sign and relation; return the words in front that may name the indicator.

    `noun_behind`: whether a noun stands right behind the figure, which makes 增加12个停车位
    a level of what was added.
    """
    cues = words()
    tokens = figure.left
    kind = figure.mention.kind
    end, to = strip_tail(tokens, cues)
    if kind != "ratio" and end and tokens[end - 1][0] in cues.share:
        end, _ = strip_tail(tokens[: end - 1], cues)  # 其中当归一项就[占]1.4亿元
    moved = end < len(tokens) and tokens[end][0] in cues.movement
    if moved and any(word in cues.compared for word, _ in tokens[:end]):
        while end < len(tokens) and tokens[end][0] in cues.movement:
            end += 1  # 比全县平均水平[低]3.5个百分点
    if kind == "rank":
        return _rank(figure, tokens, end, cues)
    if figure.mention.rule == "doubling":
        figure.measure = "growth"
        figure.rules.append("growth:doubling")
        while end and (
            tokens[end - 1][0] in ("翻", "实现", "能") or tokens[end - 1][0] in cues.fillers
        ):
            end -= 1
        return _without_base(tokens, end)[0]
    if kind != "points" and _is_gap(tokens, cues):
        return _gap(figure, tokens, len(tokens), cues)
    relative = 0 < end < len(tokens) and tokens[end][0] == "的"
    if relative and tokens[end - 1][0] in cues.movement and kind not in ("ratio", "points"):
        return tokens[:end]  # 实现增长的97户
    at = end
    word = ""
    while at > 0 and tokens[at - 1][0] in cues.movement:
        word = word if word and word not in cues.movement_nouns else tokens[at - 1][0]
        at -= 1
        while at > 0 and tokens[at - 1][0] in cues.fillers:
            at -= 1
    if word and _becomes(figure, tokens[end:]):
        to = True
    if word and not to:
        subject, based = _without_base(tokens, at)
        alone = at == 0 and word in cues.alone and not noun_behind  # 比2013年的17吨，增0.8吨
        based = based or figure.base_time or alone or _compared(figure.previous)
        based = based or any(w in cues.said for w, _ in tokens[at:end])
        if kind in ("ratio", "times") and word != "占比":
            return _moved(figure, "growth", word, cues, subject)
        if kind == "points":
            if word in cues.movement_nouns and any(w in cues.gaps for w, _ in tokens[:at]):
                return _gap(figure, tokens, at, cues)
            return _moved(figure, "change", word, cues, subject)
        verb = word not in cues.movement_nouns and (based or len(word) > 1)
        if verb and (based or not noun_behind):
            return _moved(figure, "change", word, cues, subject)
    if word and to:
        subject, _ = _without_base(tokens, at)
        figure.relation = "to"
        figure.measure = "share" if kind == "ratio" else "level"
        figure.rules.append(f"to:{word}")
        return subject
    reached = to and 0 < end < len(tokens) and tokens[end][0] in ("到", "至")
    if reached and tokens[end - 1][1] in ("v", "vn"):
        end -= 1  # 由年初的1.8万头[发展]到2.6万头
    if kind == "points":
        return _gap(figure, tokens, end, cues)
    if kind == "ratio" and figure.mention.unit:
        return _ratio(figure, tokens, end, cues)
    return tokens[:end]


def _becomes(figure: Figure, tail: list[Token]) -> bool:
    """Whether a movement leads from the figure before to this one: 由24.6%降[为]0."""
    previous = figure.previous
    same = previous is not None and previous.mention.unit == figure.mention.unit
    return bool(same and tail and tail[0][0] in ("为", "成"))


def strip_tail(tokens: list[Token], cues: Words) -> tuple[int, bool]:
    """Where the text in front ends without fillers, and whether one says `到`."""
    end = len(tokens)
    to = False
    while end > 0:
        word = tokens[end - 1][0]
        if not (word in cues.fillers or word in "“‘") or bounds(tokens, end - 1):
            break
        to = to or word in cues.levels
        end -= 1
    return end, to


def bounds(tokens: list[Token], at: int) -> bool:
    """Whether a filler bounds the group in front of it: 80岁[以上]达到75%."""
    cues = words()
    return tokens[at][0] in cues.bounds and at > 0 and tokens[at - 1][0] in cues.ages


def _without_base(tokens: list[Token], at: int) -> tuple[list[Token], bool]:
    """The words before a comparison (比上年同期, 较年初), if one stands near."""
    cues = words()
    for i in range(at - 1, max(-1, at - 9), -1):
        if tokens[i][0] in cues.near and (tokens[i][0] in cues.compared or i >= at - 3):
            return tokens[:i], True
    return tokens[:at], False


def _compared(previous: Figure | None) -> bool:
    """Whether the figure before is what this one is compared with: 比去年84人[多]28人."""
    return previous is not None and any(word in words().compared for word, _ in previous.left)


def _moved(
    figure: Figure, measure: str, word: str, cues: Words, subject: list[Token]
) -> list[Token]:
    figure.measure = measure
    figure.sign = cues.movement[word]
    figure.relation = word
    figure.rules.append(f"moved:{word}")
    return subject


def _is_gap(tokens: list[Token], cues: Words) -> bool:
    """Whether the words right in front measure a gap to an average: 低于全县平均水平[1200元]."""
    if not tokens or tokens[-1][0] not in cues.averages:
        return False
    return any(word in cues.gaps for word, _ in tokens[-4:-1])


def _gap(figure: Figure, tokens: list[Token], end: int, cues: Words) -> list[Token]:
    """A gap to another area or time: 高于全市平均水平4个百分点."""
    figure.measure = "change"
    for i in range(end - 1, -1, -1):
        sign = cues.movement.get(tokens[i][0])
        if sign is None and tokens[i][0] in cues.gaps:
            sign = 1
        if sign is not None:
            figure.sign = sign
            figure.relation = "gap"
            figure.rules.append(f"gap:{tokens[i][0]}")
            return _without_base(tokens, i)[0]
    figure.rules.append("gap")
    return tokens[:end]


def _ratio(figure: Figure, tokens: list[Token], end: int, cues: Words) -> list[Token]:
    """A percentage: completion of a plan, share of a whole, or a rate of its own."""
    text = figure.left_text
    if figure.mention.rule == "signed":
        figure.measure = "growth"  # 投资12.9亿元，+16.8%
        figure.rules.append("growth:signed")
        return tokens[:end]
    if end and tokens[end - 1][0] in cues.rates and not cues.own_rates.search(text):
        figure.measure = "completion"
        figure.relation = "rate"
        figure.rules.append(f"completion:{tokens[end - 1][0]}")
        return tokens[: end - 1]
    aimed = figure.previous is not None and figure.previous.relation == "aim"
    if aimed and (text == "的" or cues.aim.fullmatch(text)):
        figure.measure = "completion"  # 完成全年5000人目标的82%
        figure.relation = "done"
        figure.rules.append("completion:aim")
        return []
    done = cues.done.search(text) or cues.of_plan.fullmatch(text)
    if done is not None:
        figure.measure = "completion"
        figure.relation = "done"
        figure.rules.append("completion:done")
        what = cues.no_name.sub("", done["what"])
        if len(what) > 1:
            return [(what, "n")]  # 完成[年度投资]计划的112.4%
        return _until(tokens, done.start())
    finished = any("完成" in word for word, _ in tokens[end:])
    if finished and end and tokens[end - 1][0].endswith(cues.plans):
        figure.measure = "completion"  # 目标任务[超额完成]120%
        figure.rules.append("completion:finished")
        return tokens[:end]
    if figure.right_text.startswith(cues.finished) and end:
        last = tokens[end - 1][0]
        if last.endswith(cues.plans):
            figure.measure = "completion"
            figure.rules.append("completion:behind")
            return tokens[:end]
    right = figure.right_text.removeprefix("的")
    if right != figure.right_text and right.startswith((*cues.rises, *cues.falls)):
        figure.measure = "growth"
        figure.sign = -1 if right.startswith(cues.falls) else 1
        figure.relation = "behind"
        figure.rules.append("growth:behind")
        return tokens[:end]
    balance = end > 0 and "".join(w for w, _ in tokens[:end]).endswith(cues.balances)
    if figure.mention.value < 0 and not balance:
        figure.measure = "growth"  # 燃油车则为-11.2%
        figure.rules.append("growth:negative")
        return tokens[:end]
    figure.measure = "share"
    for i in range(len(tokens) - 1, -1, -1):
        if tokens[i][0] in cues.share:
            figure.relation = "占"
            figure.whole = tokens[i + 1 :]
            return tokens[:i]
    if (part := cues.part.fullmatch(text)) is not None:
        figure.relation = "占"  # 技改投资0.85亿元，不到总投资的7%
        figure.whole = [token for token in tokens if token[0] in part["whole"]]
        return []
    if tokens and tokens[-1][0] == "的" and figure.mention.unit_start == figure.mention.end:
        # 接近其纯收入的一半: a fraction of what stands in front
        figure.relation = "占"
        figure.whole = tokens
        return []
    return tokens[:end]


def _until(tokens: list[Token], offset: int) -> list[Token]:
    """The words that end at or before `offset` of the text they were cut from."""
    at = 0
    for i, (word, _) in enumerate(tokens):
        if at + len(word) > offset:
            return tokens[:i]
        at += len(word)
    return tokens


def _rank(figure: Figure, tokens: list[Token], end: int, cues: Words) -> list[Token]:
    """A place in a ranking, without the words that say where: 位居全县[第三]."""
    figure.measure = "rank"
    figure.rules.append("rank")
    for i in range(end - 1, -1, -1):
        if tokens[i][0] in cues.standing:
            end = i
            break
    for i in range(end - 1, max(-1, end - 7), -1):
        if tokens[i][0] == "在" and not any(cues.contests.search(w) for w, _ in tokens[i:end]):
            end = i  # 满意率[在全市部门中]并列第二
            break
    while end > 0:
        word, tag = tokens[end - 1]
        if word in cues.movement and word not in cues.movement_nouns:
            figure.relation = word
            if word in cues.moves and not any(w in cues.levels for w, _ in tokens[end:]):
                figure.measure = "change"
                figure.sign = cues.movement[word]
        elif not (
            word in cues.rank or word in cues.fillers or tag in ("ns", "p", "m") or word in "、，"
        ):
            break
        end -= 1
    return tokens[:end]
