"""Puts the real answers into the READMEs: of `make demo` and of the SQL questions.

    python tests/readme_answers.py

A block of `demo` is what the demonstration prints; a block of `text` behind one of `sql` is the
answer of the sample reports to it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

from flows import demo
from warehouse.export import to_table
from warehouse.files import Home
from warehouse.query import ask

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DEMO = re.compile(r"```demo\n.*?```", re.DOTALL)
QUESTION = re.compile(r"```sql\n(?P<query>[^`]*)```\n\n```text\n.*?```", re.DOTALL)


def answered(readme: str, home: Home, printed: str) -> str:
    """`readme` with what the demonstration printed and the answers of the warehouse in `home`."""

    def answer(match: re.Match[str]) -> str:
        table = to_table(*ask(home, match["query"]))
        return f"```sql\n{match['query']}```\n\n```text\n{table}\n```"

    with_demo = DEMO.sub(lambda _: f"```demo\n{printed}```", readme)
    return QUESTION.sub(answer, with_demo)


def demonstrate(folder: Path) -> str:
    """What the demonstration prints, with its home in `folder`."""
    os.environ["SHUXIANG_HOME"] = str(folder)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        demo.main()
    return out.getvalue()


def main() -> None:
    """Rewrite the READMEs."""
    with tempfile.TemporaryDirectory() as folder:
        printed = demonstrate(Path(folder))
        for readme in READMES:
            text = readme.read_text("utf-8")
            readme.write_text(answered(text, Home(Path(folder)), printed), "utf-8")


if __name__ == "__main__":
    main()
