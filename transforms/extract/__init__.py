"""A restored document to observations: quantities, times, names, measures, places, status."""

from __future__ import annotations

from schemas.document import Document
from schemas.mention import Measure, Qualifier, Status
from schemas.observation import Extraction, Observation
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
    when = times.assign(document, mentions, spoken)
    where = places.assign(document, mentions)
    states = status.assign(document, mentions, when)
    facts = document.facts
    own = facts.place or ""
    guessed = facts.title is None and facts.issuer is None
    observations: list[Observation] = []
    for figure in figures:
        mention = figure.mention
        i = figure.index
        start, end, inherited = when[i]
        unit = topics.unit(mention, figure.name, figure.right_text)
        low, high = mention.value, mention.value_high
        if figure.sign < 0:
            low, high = 0.0 - high, 0.0 - low
        observations.append(
            Observation(
                start=mention.start,
                end=mention.end,
                value=low,
                value_high=high,
                unit=unit,
                indicator=figure.name,
                measure=_MEASURES[figure.measure],
                qualifier=_qualifier(figure, states[i], clean),
                status=states[i],
                period_start=start,
                period_end=end,
                period_inherited=inherited,
                place=where[i],
                rank_scope=places.rank_scope(document, mention) if mention.kind == "rank" else None,
                parent=None if figure.parent is None else figure.parent.index,
                sentence=figure.sentence,
                topic=topics.topic(figure.name),
                confidence=reasons.confidence(figure, states[i], where[i] != own, guessed),
                rules=[mention.rule, *figure.rules],
            )
        )
    for figure in figures:
        figure.following = None  # else figures hold each other, and only a collector frees them
    return Extraction(observations, [*unclaimed, *outside])


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
