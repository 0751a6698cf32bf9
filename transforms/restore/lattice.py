"""The likeliest reading of characters of which some are known in part: a lattice of words.

From each node characters lead to nodes behind; a path through all of them is a reading, cut into
words of jieba's dictionary and as likely as these are frequent there (a unigram model, Viterbi's
algorithm). Words that the text has elsewhere count for more.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import NamedTuple

import jieba

_LONGEST = 4  # characters of the words looked for
_ELSEWHERE = 4.0  # what a word of the text elsewhere is worth, as a logarithm
_ALONE = -2.5  # and a word of one character, of which the model strings too many together
_SIGN = -8.0  # a mark, digit or Latin letter, of which the dictionary knows nothing
_HARDLY = 0.5  # times that a character stands in the dictionary's corpus which it has not


class Step(NamedTuple):
    """A character that leads from a node to another, as printed and as the dictionary has it.

    `worth` is added to the logarithm of the likelihood of what takes the step.
    """

    node: int
    to: int
    printed: str
    plain: str
    worth: float = 0.0


class Reading(NamedTuple):
    """A path: its steps, the words they make, and the logarithm of its likelihood.

    `leads` tells of each step by how much the path is likelier than any that takes another one.
    """

    score: float
    steps: list[Step]
    words: list[str]
    leads: list[float]


class _Word(NamedTuple):
    steps: tuple[Step, ...]
    text: str
    score: float


class Lattice:
    """Nodes in order, from 0 on; every step leads to a node behind, the last node ends it."""

    def __init__(self, elsewhere: str) -> None:
        """`elsewhere`: the text around, in the dictionary's script."""
        self._steps: list[list[Step]] = [[]]
        self._elsewhere = elsewhere
        self._worth: dict[str, float] = {}

    def node(self) -> int:
        """A new node, behind all others."""
        self._steps.append([])
        return len(self._steps) - 1

    def add(self, step: Step) -> None:
        """A character that leads from one node to another."""
        self._steps[step.node].append(step)

    def best(self) -> Reading | None:
        """The likeliest reading; None where no path leads through."""
        last = len(self._steps) - 1
        found = [self._words(node) for node in range(last)]
        behind = {last: 0.0}
        chosen: dict[int, _Word] = {}
        for node in range(last - 1, -1, -1):
            scores = [
                (word.score + behind[word.steps[-1].to], word)
                for word in found[node]
                if word.steps[-1].to in behind
            ]
            if scores:
                behind[node], chosen[node] = max(scores, key=lambda scored: scored[0])
        if 0 not in behind:
            return None
        through = self._through(found, behind)
        path: list[_Word] = []
        node = 0
        while node != last:
            path.append(chosen[node])
            node = path[-1].steps[-1].to
        steps = [step for word in path for step in word.steps]
        leads = [behind[0] - self._otherwise(step, through) for step in steps]
        return Reading(behind[0], steps, [word.text for word in path], leads)

    @staticmethod
    def _through(found: list[list[_Word]], behind: dict[int, float]) -> dict[Step, float]:
        """Step → the likelihood of the best path that takes it."""
        front = {0: 0.0}
        through: dict[Step, float] = {}
        for node, words in enumerate(found):
            if node not in front:
                continue
            for word in words:
                to = word.steps[-1].to
                if to not in behind:
                    continue
                score = front[node] + word.score
                if score > front.get(to, float("-inf")):
                    front[to] = score
                score += behind[to]
                for step in word.steps:
                    if score > through.get(step, float("-inf")):
                        through[step] = score
        return through

    @staticmethod
    def _otherwise(step: Step, through: dict[Step, float]) -> float:
        """The likelihood of the best path with another character where the step stands."""
        return max(
            (
                score
                for other, score in through.items()
                if other.plain != step.plain and other.node < step.to and other.to > step.node
            ),
            default=float("-inf"),
        )

    def _words(self, node: int) -> list[_Word]:
        """What may stand at a node as one word: any character, and words of the dictionary."""
        frequencies, beginnings, _ = _dictionary()
        found: list[_Word] = []
        begun: list[tuple[tuple[Step, ...], str]] = [((), "")]
        while begun:
            steps, text = begun.pop()
            for step in self._steps[steps[-1].to if steps else node]:
                word, longer = text + step.plain, (*steps, step)
                if not steps or word in frequencies:
                    worth = sum([s.worth for s in longer])
                    found.append(_Word(longer, word, self._weigh(word) + worth))
                if word in beginnings and len(word) < _LONGEST:
                    begun.append((longer, word))
        return found

    def _weigh(self, word: str) -> float:
        score = self._worth.get(word)
        if score is None:
            frequencies, _, total = _dictionary()
            score = log(frequencies.get(word, _HARDLY) / total)
            if len(word) > 1:
                score += _ELSEWHERE if word in self._elsewhere else 0.0
            else:
                score = score + _ALONE if "\u3400" <= word <= "\u9fff" else _SIGN
            self._worth[word] = score
        return score


@cache
def _dictionary() -> tuple[dict[str, int], frozenset[str], int]:
    """How often each word stands in jieba's corpus, what words begin with, and the sum of all."""
    frequencies: dict[str, int] = {}
    total = 0
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, _ = line.decode("utf-8").split()
            total += int(frequency)
            if len(word) <= _LONGEST and int(frequency) > 0:
                frequencies[word] = int(frequency)
    beginnings = frozenset(word[:size] for word in frequencies for size in range(1, len(word)))
    return frequencies, beginnings, total
