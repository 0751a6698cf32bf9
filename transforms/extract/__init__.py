"""A restored document to observations: quantities, times, names, measures, places, status."""

from __future__ import annotations

from itertools import repeat
from typing import Any

from schemas.document import Document
from schemas.mention import Measure, Qualifier, Status
from schemas.observation import Extraction
from transforms import periods
from transforms.extract import (
    indicators,
    places,
    quantities,
    reasons,
    status,
    surroundings,
    times,
    topics,
)
from transforms.extract.sentences import figured
from transforms.extract.surroundings import Figure


def extract(document: Document) -> Extraction:
    """Every figure of the document, and the reason for each numeral that is none.

    Nothing is raised, whatever the text.
    """
    clean = document.clean
    spoken = periods.find(clean, document.facts, document.sections)
    mentions, unclaimed = quantities.find(clean, [(t.start, t.end) for t in spoken])
    sentences, mentions, outside = figured(document.sentences, mentions)
    figures = surroundings.build(document, sentences, mentions, spoken)
    indicators.name(figures)
    when = times.assign(document, sentences, mentions, spoken)
    where = places.assign(document, sentences, mentions)
    states = status.assign(document, sentences, mentions, when)
    facts = document.facts
    own = facts.place or ""
    guessed = facts.title is None and facts.issuer is None
    names = [figure.name for figure in figures]
    columns: dict[str, list[Any]] = {
        "start": [mention.start for mention in mentions],
        "end": [mention.end for mention in mentions],
        "value": [f.mention.value if f.sign > 0 else 0.0 - f.mention.value_high for f in figures],
        "value_high": [
            f.mention.value_high if f.sign > 0 else 0.0 - f.mention.value for f in figures
        ],
        "unit": [topics.unit(f.mention, f.name, f.right_text) for f in figures],
        "indicator": names,
        "measure": [_MEASURES[figure.measure] for figure in figures],
        "qualifier": list(map(_qualifier, figures, states, repeat(clean))),
        "status": states,
        "period_start": [period[0] for period in when],
        "period_end": [period[1] for period in when],
        "period_inherited": [period[2] for period in when],
        "place": where,
        "rank_scope": [
            places.rank_scope(document, mention) if mention.kind == "rank" else None
            for mention in mentions
        ],
        "parent": [None if f.parent is None else f.parent.index for f in figures],
        "sentence": [figure.sentence for figure in figures],
        "topic": list(map(topics.topic, names)),
        "confidence": [
            reasons.confidence(figure, state, place != own, guessed)
            for figure, state, place in zip(figures, states, where, strict=True)
        ],
        "rules": [[figure.mention.rule, *figure.rules] for figure in figures],
    }
    for figure in figures:
        figure.following = None  # else figures hold each other, and only a collector frees them
    return Extraction(columns, [*unclaimed, *outside])


_MEASURES = {measure.value: measure for measure in Measure}


def _qualifier(figure: Figure, state: Status, clean: str) -> Qualifier:
    """以上 behind a figure is a lower bound in a rule or target, and 超 behind an achieved one."""
    mention = figure.mention
    if mention.qualifier is Qualifier.EXACT and "time_limit" in figure.rules:
        return Qualifier.AT_MOST
    bound = mention.qualifier is Qualifier.OVER and state in (Status.TARGET, Status.NORM)
    if bound and clean.endswith("以上", mention.start, mention.end):
        return Qualifier.AT_LEAST
    return mention.qualifier
