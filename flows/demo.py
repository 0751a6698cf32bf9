"""The demonstration: ingest the sample reports, say what was loaded, answer two questions."""

from __future__ import annotations

import os
from pathlib import Path

from flows.ingest import ingest
from schemas.settings import Settings
from transforms.lexicon import SEEDS
from warehouse.export import to_table
from warehouse.files import Home, lock
from warehouse.query import ask

QUESTIONS = {
    "The largest amounts of money": """
        select place, indicator, value / 1e8 as hundred_millions, unit, period_end, document
        from mart.observations
        where unit = '元' and measure = 'level' and status = 'actual'
        order by value desc, document, source_start
        limit 5
    """,
    "How much of the plans was done": """
        select place, indicator, completion, unit, period_end, document
        from mart.completion
        order by completion desc, document, indicator
        limit 5
    """,
}


def main() -> None:
    """Ingest `seeds/reports` into the home and print what came of it."""
    home = Home(Path(os.environ.get("SHUXIANG_HOME", "var")).absolute())
    with lock(home.root):
        report = ingest([str(SEEDS / "reports")], home, Settings())
    _, kept_out = ask(home, "select count(*) from ops.quarantine")
    print(f"documents     {report.documents}")
    print(f"observations  {report.observations}")
    print(f"quarantined   {kept_out[0][0]}")
    for question, query in QUESTIONS.items():
        print(f"\n{question}\n{to_table(*ask(home, query))}")


if __name__ == "__main__":
    main()
