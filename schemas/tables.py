"""Every frame and warehouse table as a dataframely schema: the names, types and meanings.

The descriptions become the COMMENTs of the DuckDB file; nothing else describes a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import dataframely as dy
import polars as pl

from schemas.document import Script
from schemas.mention import Measure, Qualifier, Reason, Status


class Outcome(StrEnum):
    """How a file ends a run; each file in exactly one of them."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


class Observations(dy.Schema):
    """One row per figure of a report, as extracted: the fact table of the star schema."""

    observation_id = dy.String(
        primary_key=True, description="Id of the observation: a hash of its document and place"
    )
    document_id = dy.String(description="Document the figure stands in")
    source_start = dy.Int64(min=0, description="Offset of the figure in the source text")
    source_end = dy.Int64(min=1, description="Offset behind the figure in the source text")
    quote = dy.String(description="The figure as printed: source_text[source_start:source_end]")
    sentence = dy.String(description="The sentence of the clean text around the figure")
    indicator = dy.String(description="What is measured: the noun phrase, in simplified script")
    measure = dy.Enum(Measure, description="level, share, growth, change, completion or rank")
    value = dy.Float64(description="The number in its unit, magnitudes multiplied out")
    value_high = dy.Float64(description="Upper end of a range, else equal to value")
    unit = dy.String(description="Unit without its magnitude: 元, 人, %, 位 …")
    qualifier = dy.Enum(Qualifier, description="How exact the figure is said to be (约, 余, 近 …)")
    status = dy.Enum(Status, description="actual, forecast, target or norm")
    period_start = dy.Date(nullable=True, description="First day; null for a state as of the end")
    period_end = dy.Date(nullable=True, description="Last day of the time the figure is about")
    period_inherited = dy.Bool(description="Whether the period is the document's, not its own")
    place = dy.String(nullable=True, description="The place or body the figure is about")
    rank_scope = dy.String(nullable=True, description="Among whom a rank was reached (全市)")
    parent_id = dy.String(nullable=True, description="The total that this figure is part of (其中)")
    topic = dy.String(nullable=True, description="Field of the indicator (topic)")
    confidence = dy.Float64(min=0, max=1, description="Estimated chance that the row is right")
    rule = dy.String(description="Names of the rules that made the row")

    @dy.rule()
    def span_is_not_empty(cls) -> pl.Expr:
        """A figure covers at least one character."""
        return pl.col("source_start") < pl.col("source_end")

    @dy.rule()
    def range_is_ordered(cls) -> pl.Expr:
        """The upper end of a range is not below the lower one."""
        return pl.col("value") <= pl.col("value_high")


class Documents(dy.Schema):
    """One row per source text, with what the document says of itself."""

    document_id = dy.String(primary_key=True, description="Hash of the source text")
    title = dy.String(nullable=True, description="Title")
    issuer = dy.String(nullable=True, description="Issuing body")
    number = dy.String(nullable=True, description="Document number (文号)")
    signer = dy.String(nullable=True, description="Signer")
    recipient = dy.String(nullable=True, description="Addressee (主送机关)")
    index_number = dy.String(nullable=True, description="Index number (索引号)")
    place = dy.String(nullable=True, description="The township, street, county or city it is about")
    signed = dy.Date(nullable=True, description="Date of signing (成文日期)")
    published = dy.Date(nullable=True, description="Date of publication (发布日期)")
    period_start = dy.Date(nullable=True, description="First day of the reporting period")
    period_end = dy.Date(nullable=True, description="Last day of the reporting period")
    plan_period_start = dy.Date(nullable=True, description="First day of the period planned for")
    plan_period_end = dy.Date(nullable=True, description="Last day of the period planned for")
    script = dy.Enum(Script, description="Script of the source text: hans, hant or mixed")
    fact_spans = dy.String(description="JSON: fact → [start, end) in the source text")
    damaged_spans = dy.String(description="JSON: spans of the source text beyond repair")
    characters = dy.Int64(min=0, description="Length of the source text in code points")
    rules = dy.String(description="Fingerprint of the rules that read the document")


class Texts(dy.Schema):
    """The source text and the clean text of each document."""

    document_id = dy.String(primary_key=True, description="Hash of the source text")
    source_text = dy.String(description="The text as decoded, before any cleaning")
    clean_text = dy.String(description="The text after repair and script conversion")


class Repairs(dy.Schema):
    """How often each repair was made in a document."""

    document_id = dy.String(primary_key=True, description="Hash of the source text")
    repair = dy.String(primary_key=True, description="Name of the repair")
    count = dy.Int64(min=1, description="How often it was made")


class Unclaimeds(dy.Schema):
    """Numerals of the clean text that are no observation, with the reason."""

    document_id = dy.String(primary_key=True, description="Hash of the source text")
    source_start = dy.Int64(primary_key=True, description="Offset of the numeral in the source")
    source_end = dy.Int64(primary_key=True, description="Offset behind the numeral in the source")
    reason = dy.Enum(Reason, description="date, ordinal, name, slogan, heading … or unknown")
    quote = dy.String(description="The numeral as printed")


class Quarantined(dy.Schema):
    """Files kept out of the warehouse, with the reason and what to do."""

    path = dy.String(primary_key=True, description="Path of the file below what was given")
    reason = dy.String(description="Why the file could not be read")
    advice = dy.String(description="What a person can do about it")


class FileEvents(dy.Schema):
    """What happened to a file in a run; files left as they were have no row."""

    run = dy.Int64(primary_key=True, description="Run in which it happened")
    root = dy.String(primary_key=True, description="Folder the path is below")
    path = dy.String(primary_key=True, description="Path below what was given; ! enters an archive")
    name = dy.String(description="File name")
    outcome = dy.Enum(Outcome, description="new, revised, duplicate, withdrawn, quarantined …")
    sha256 = dy.String(nullable=True, description="Hash of the bytes; null for a withdrawn file")
    size = dy.Int64(nullable=True, description="Size in bytes")
    encoding = dy.String(nullable=True, description="Encoding the bytes were read with")
    document_id = dy.String(nullable=True, description="Document the path stands for afterwards")
    previous_document_id = dy.String(nullable=True, description="Document it stood for before")
    reason = dy.String(nullable=True, description="Why it was quarantined")
    advice = dy.String(nullable=True, description="What to do about it")


class Runs(dy.Schema):
    """One row per run that changed the warehouse."""

    run = dy.Int64(primary_key=True, description="Number of the run, from 1")
    started_at = dy.Datetime(time_zone="UTC", description="When it began (clock of the machine)")
    rules = dy.String(description="Fingerprint of the rules it read with")
    seen = dy.Int64(description="Files seen, those gone included")
    new = dy.Int64(description="Files with a document not known before")
    revised = dy.Int64(description="Files that came back with other contents")
    unchanged = dy.Int64(description="Files left as they were")
    duplicate = dy.Int64(description="Files with a document known from another file")
    withdrawn = dy.Int64(description="Files that are gone")
    quarantined = dy.Int64(description="Files newly kept out")
    ignored = dy.Int64(description="Hidden files and the like")


class ReadFiles(dy.Schema):
    """Files of a batch that were read, each with the document it stands for."""

    path = dy.String(primary_key=True, description="Path of the file below what was given")
    document_id = dy.String(description="Hash of the source text")
    encoding = dy.String(description="Encoding the bytes were read with")


@dataclass(frozen=True, slots=True)
class BatchFrames:
    """What reading a batch of files gives; each document stands in it once."""

    files: dy.DataFrame[ReadFiles]
    documents: dy.DataFrame[Documents]
    texts: dy.DataFrame[Texts]
    observations: dy.DataFrame[Observations]
    repairs: dy.DataFrame[Repairs]
    unclaimed: dy.DataFrame[Unclaimeds]
    quarantine: dy.DataFrame[Quarantined]


class StoredDocuments(Documents):
    """core.document: the documents with where they came from and how long they were current."""

    name = dy.String(description="Name of the first of its files, in sorted order")
    path = dy.String(description="Path of that file below what was given")
    encoding = dy.String(nullable=True, description="Encoding that file was read with")
    files = dy.Int64(description="How many files hold the document now")
    first_run = dy.Int64(description="Run in which it was first loaded")
    retired_run = dy.Int64(nullable=True, description="Run that retired it; null while current")
    superseded_by = dy.String(nullable=True, description="Document that replaced it (revision)")
    read_run = dy.Int64(description="Run in which its text was last read")


class StoredObservations(Observations):
    """core.observation: the fact table; figures of retired documents stay in it."""

    period_id = dy.String(nullable=True, description="Key of the period in core.period")


class Indicators(dy.Schema):
    """core.indicator: every indicator that a figure measures."""

    indicator = dy.String(primary_key=True, description="Name of the indicator")
    topic = dy.String(nullable=True, description="Field of the indicator")
    observations = dy.Int64(description="Figures of it, retired documents included")


class Places(dy.Schema):
    """core.place: every place or body that a figure is about."""

    place = dy.String(primary_key=True, description="Name of the place or body")
    has_report = dy.Bool(description="Whether a document is about the place as a whole")
    observations = dy.Int64(description="Figures about it, retired documents included")


class Periods(dy.Schema):
    """core.period: every time that a figure is about."""

    period_id = dy.String(
        primary_key=True, description="start/end as ISO dates; ../end as of a day"
    )
    period_start = dy.Date(nullable=True, description="First day; null for a state as of the end")
    period_end = dy.Date(description="Last day")
    kind = dy.String(description="as_of, day, month, quarter, half, year or span")
    year = dy.Int64(description="Year of the last day")
    days = dy.Int64(nullable=True, description="Length in days; null for a state")


class UsedUnits(dy.Schema):
    """core.unit: every unit that a figure is given in, with its base unit where known."""

    unit = dy.String(primary_key=True, description="Unit without magnitude")
    kind = dy.String(nullable=True, description="Kind of quantity: money, area, person …")
    base = dy.String(nullable=True, description="Base unit of the kind")
    factor = dy.Float64(nullable=True, description="One unit in base units")
    observations = dy.Int64(description="Figures in it, retired documents included")


class Files(dy.Schema):
    """ops.files: the ledger, one row per file ever seen, with its last state."""

    root = dy.String(primary_key=True, description="Folder the path is below")
    path = dy.String(primary_key=True, description="Path below what was given; ! enters an archive")
    name = dy.String(description="File name")
    outcome = dy.Enum(Outcome, description="How its last change ended")
    present = dy.Bool(description="Whether it was there when last looked for")
    sha256 = dy.String(nullable=True, description="Hash of the bytes last seen")
    size = dy.Int64(nullable=True, description="Size in bytes")
    encoding = dy.String(nullable=True, description="Encoding the bytes were read with")
    document_id = dy.String(nullable=True, description="Document it stands for now, if any")
    reason = dy.String(nullable=True, description="Why it is quarantined")
    advice = dy.String(nullable=True, description="What to do about it")
    changed_run = dy.Int64(description="Run of its last change")


class Audits(dy.Schema):
    """ops.audits: what each audit found in the build before it was published."""

    audit = dy.String(primary_key=True, description="Name of the audit")
    severity = dy.String(description="error refuses the build, warning only reports")
    about = dy.String(description="What must hold")
    bad_rows = dy.Int64(description="Rows that break it")


class Shards(dy.Schema):
    """ops.shards: the Parquet files of the lake that the build was made from."""

    run = dy.Int64(primary_key=True, description="Run that wrote the file")
    file = dy.String(primary_key=True, description="Name of the file; it ends in its checksum")


class Builds(dy.Schema):
    """ops.build: one row about this file itself."""

    run = dy.Int64(primary_key=True, description="Newest run that is loaded")
    layout = dy.String(description="Fingerprint of the statements that made the tables")


class ReferenceUnits(dy.Schema):
    """ref.units: the units known, from seeds/units.csv."""

    unit = dy.String(primary_key=True, description="Unit without magnitude")
    forms = dy.String(nullable=True, description="Spellings, separated by |")
    kind = dy.String(nullable=True, description="Kind of quantity: money, area, person …")
    base = dy.String(nullable=True, description="Base unit of the kind")
    factor = dy.Float64(nullable=True, description="One unit in base units")


LAKE: dict[str, type[dy.Schema]] = {
    "runs": Runs,
    "files": FileEvents,
    "documents": Documents,
    "texts": Texts,
    "observations": Observations,
    "repairs": Repairs,
    "unclaimed": Unclaimeds,
}
"""Tables of the lake: one folder a run, Parquet files named after these."""

WAREHOUSE: dict[str, type[dy.Schema]] = {
    "ref.units": ReferenceUnits,
    "ops.build": Builds,
    "ops.runs": Runs,
    "ops.file_events": FileEvents,
    "ops.files": Files,
    "ops.shards": Shards,
    "core.document": StoredDocuments,
    "core.document_text": Texts,
    "core.observation": StoredObservations,
    "ops.repairs": Repairs,
    "ops.unclaimed": Unclaimeds,
    "core.indicator": Indicators,
    "core.place": Places,
    "core.period": Periods,
    "core.unit": UsedUnits,
    "ops.audits": Audits,
}
"""Tables of the DuckDB file, in the order in which they are filled."""


def polars_types(schema: type[dy.Schema]) -> dict[str, pl.DataType]:
    """Column → Polars type of `schema`, in order."""
    return {name: column.dtype for name, column in schema.columns().items()}
