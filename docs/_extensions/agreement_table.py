"""A directive that compares every pooled quantity with metafor's while the page is built."""

from __future__ import annotations

import sys
from pathlib import Path

from docutils.nodes import Node
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class AgreementTable(SphinxDirective):
    """The largest difference from metafor, by analysis and data set."""

    def run(self) -> list[Node]:
        """Return the table; its numbers come from validation/agreement.py."""
        self.env.note_reread()  # the numbers change with the code, not with the page
        sys.path.insert(0, str(Path(__file__).parents[2] / "validation"))
        from agreement import table

        rows = table().rename(columns={"numbers compared": "numbers"})
        rows["analysis"] = rows["analysis"].str.replace(
            r"^subgroup .*", "each subgroup", regex=True
        )
        worst = rows.loc[rows.groupby("analysis")["difference"].idxmax()].set_index("analysis")
        counts = rows.groupby("analysis")["numbers"].sum()
        lines = [
            "| analysis | numbers compared | largest difference | found in |",
            "|---|--:|--:|---|",
        ]
        for analysis, row in worst.iterrows():
            where = f"{row['quantity']}, {row['dataset']}"
            lines.append(f"| {analysis} | {counts[analysis]} | {row['difference']:.0e} | {where} |")
        lines.append(f"| all | {counts.sum():,} | {worst['difference'].max():.0e} | |")
        return self.parse_text_to_nodes(StringList(lines, "agreement"))


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx about the directive."""
    app.add_directive("agreement-table", AgreementTable)
    return {"parallel_read_safe": True}
