"""Write the page on the extraction sheet from the columns, routes and rules in the code.

Run it after changing one of them: ``python docs/make_extraction_sheet.py``. A test checks that
the page is up to date.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

import synthesis as syn
from synthesis.effects.formulas.counts import NO_EVENTS, ZERO_CELLS
from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.rows.printed_effects import printed_columns
from synthesis.effects.sheet.columns import NUMERIC, WORDS
from synthesis.effects.sheet.programs import NAMINGS
from synthesis.measures import MEASURES

PAGE = Path(__file__).with_name("extraction_sheet.md")

IDENTITY = ("study", "outcome", "timepoint", "comparison")
"""Text columns that come first in the table, as they do in a sheet."""

COMPUTED = ("yi", "vi", "sei")
"""Columns that come last: they are filled in only where nothing has to be computed."""

PRINTED = {*COMPUTED, *(column for name in MEASURES for column in printed_columns(name))}
"""Columns of routes that do not start from raw numbers."""

HEADINGS = {
    "smd": "Standardised mean difference",
    "md": "Mean difference",
    "or": "Odds ratio",
    "rr": "Risk ratio (`rd`, `asd` and `peto` alike)",
    "irr": "Rate ratio (`ird` alike)",
    "hr": "Hazard ratio",
    "fisher_z": "Correlation (`r` alike)",
    "logit": "Proportion (`proportion`, `arcsine` and others alike)",
    "smcc": "Standardised mean change of one group",
}
"""The measures whose routes are listed, with the heading of each."""

TEXT = """\
# The extraction sheet

The extraction sheet is a CSV or XLSX table with one row per effect and a column `study`. Fill in \
what a paper prints, each number in the column it belongs to, and leave the rest blank (`NR`, \
`n.r.`, `NA` and `-` count as blank). A column is recognised by its exact name, in lowercase and \
without a unit. `synthesis.template()` writes an empty sheet with notes, drop-down lists and \
validation rules for every column.

The file may be CSV (with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252) or XLSX; \
all tables that Arrowroot reads may be. Of a workbook the first worksheet that is not hidden is \
read, or the one you name. A formula counts with the value stored beside it, and merged cells \
are refused. What you should know about a file, such as a guessed encoding, hidden rows or \
worksheets that were not read, is in `sheet.attrs["remarks"]` and among the findings of `lint`.

```python
import synthesis as syn

sheet = syn.read_extraction("trials.csv")  # refuses impossible values, all problems at once
findings = syn.lint(sheet)  # what to check again
es = syn.effect_sizes(sheet, measure="smd")  # yi, vi, route and a receipt for every row
syn.receipts(es)  # how each effect was derived
```

Rows of the same study must differ in `outcome`, `instrument`, `timepoint`, `comparison`, \
`subgroup` or a similar column. A label is read as it looks: spaces around and within it, \
invisible characters and the way accents are stored make no difference, nor does it matter \
whether a cell holds the number 1 or the text `1`. Capitals do make a difference; `lint` points \
out labels that differ in nothing else. Semicolons and tabs are recognised as separators; decimal \
commas are read with `decimal=","` and never guessed.

## Columns

{columns}

Direction is declared once: in a row with `direction` *lower* the sign is reversed, so that \
values above 0 favour treatment; the receipt says so, and computing again does not reverse it \
back. `lint` finds outcomes that are declared in two directions or in some rows only, and counts \
and printed effects beside means whose sign is reversed; a pooled result says so in its notes. \
Rows are of one outcome if they agree in `outcome`, `scale`, `instrument` and \
`measure_as_reported`. A cell in `route` chooses the route for its row.

Where clusters were randomised, `icc` and `cluster_size` increase the variance of everything \
that is computed from raw numbers. `cluster_adjusted` *yes* concerns printed effects, t, F and p \
alone, because means, SDs and counts are never adjusted; where it is set, a printed effect is \
preferred to raw numbers (Cochrane Handbook 23.1.3). A row that gives only one of `icc` and \
`cluster_size` is computed as if people had been randomised, and the receipt, the figure and the \
pooled result say that clusters were ignored.

A printed effect outside its own interval is refused, unless the row waives the finding. Other \
contradictions among the printed numbers on which an effect rests (standard error, interval, p, t) \
are listed by `lint` and go into the receipt and the notes of a pooled result.

## Names of other programs

Files that come from RevMan, metafor, Metapsy or esc are read as they are. Where the columns leave \
no doubt, their naming is recognised; `read_extraction(path, columns="metafor")` asks for it, and \
`columns="own"` renames nothing. What was renamed is in `sheet.attrs["remarks"]` and among the \
findings of `lint`. Capitals and spaces make no difference to these names. The first group is the \
treatment, as in the manuals of these programs. Tables in memory are renamed by `read_extraction` \
only.

{namings}

Where a size is not there, it is the sum of the people with and without the event (`ai + bi`); a \
size that is something else is among the findings of `lint`. Columns that may be named as in two \
of the programs are refused until `columns=` says which; columns of another program beside our \
own are listed as not read. RevMan writes 0 where a row has another kind of data: these zeros \
are read as blank, and the remark says in which columns. A first column without a heading that \
only numbers the rows, as R and pandas write it, is left out. RevMan's analyses are numbered in \
`outcome`, Metapsy's conditions go into `comparison`, and the kind of its printed effects into \
`effect_type`. metafor's `mi` is `mean` beside `sdi` only, and not beside `xi`.

## Measures, and the columns of each

`effect_sizes(sheet, measure)` takes the names below or metafor's codes, in any case, as does \
every function with an argument `measure`. The columns are those of the first route from raw \
numbers; any measure can also be given as `yi` and `vi`, or printed as `effect` with its \
`effect_type` and `se`, limits or `p`. `template(measure="smcc")` writes a sheet with the columns \
that one measure can use.

{measures}

An `effect_type` is written as in the paper: *Hedges' g*, *Cohen’s d*, *Glass's delta*, *MD*, \
*aOR*, *adj. HR*, *RR*. Capitals, apostrophes, dots, hyphens and blanks do not matter, nor does \
*adjusted* or *crude*. After *log* or *ln*, as in *log OR*, the number is taken to be the \
logarithm already. Printed numbers that a measure cannot take (a correlation of 1.2, a ratio \
below 0) are refused.

Numbers of people need not be whole: effective numbers, as of cluster trials, are used as they \
are, and the receipt says so. Counts are valid for an arm of one person; an SD, a test or a \
correlation needs two.

### Ordered categories

An outcome in ordered categories (none, mild, severe) is entered as numbers of people: \
`category1_t`, `category2_t` and so on, the lowest category first, and the same for the control; \
0 where nobody is in a category. Two to seven categories are possible. The odds ratio is that of \
the proportional odds model (McCullagh 1980): one odds ratio for every cut between two \
categories, above 1 where the treated are in higher ones. `smd` converts it, or takes the \
difference in SDs of a normal scale behind the categories with `conversion="probit"`.

### Survival

A hazard ratio is computed from `o_minus_e` and `v_logrank`, from the p or chi-square of a \
log-rank test with events (`sign` is 1 where events come sooner under treatment), or from what is \
printed. Where a hazard ratio is printed without an interval, its variance follows from the \
events in both arms (Tierney et al. 2007). Curves and median times are not converted: curves are \
read with a program made for that, such as IPDfromKM in R, whose hazard ratio and interval are \
then entered as `effect`, `ci_low` and `ci_high`.

### Diagnostic tests

Sensitivity and specificity depend on each other across studies, since both follow the threshold, \
and are pooled as a pair by a bivariate model, such as that of mada in R; that is not done here. \
The odds ratio of a test is `or` with the true positives as `events_t` of all people with the \
condition (`n_t`), and the false positives as `events_c` of all without it (`n_c`).

## Outcomes, instruments and times, declared once

What holds for a whole review is declared once, in a script or in a YAML file with the same names, \
and not typed into every row:

```python
satisfaction = syn.Outcome(
    "satisfaction",
    "Patient satisfaction",
    measure="smd",
    direction="higher",
    mid=0.2,
    windows=[{{"id": "short", "months": [0, 12]}}, {{"id": "long", "months": [13, None]}}],
    instruments=[{{"id": "csq8", "label": "CSQ-8", "range": [8, 32], "mid": 3}}],
)
sheet = syn.with_outcomes(sheet, [satisfaction])
```

`with_outcomes` recognises rows by `outcome` and `instrument` (id or label), and fills in what is \
blank: `window` from the time, and `direction` in rows with scores, for mean differences. Counts \
and printed effects may already point the other way, so that their rows must say themselves. What \
it filled in is in the receipts. `lint` and `effect_sizes` then compare scores with the range of \
their instrument, and results carry the outcome's name; `interpret` takes its minimal important \
difference and baseline risk. A row of an outcome, a window or a time that is not declared is \
refused by name.

Times are entered as `timepoint_months`, `timepoint_weeks` or `timepoint_days`. Windows that \
adjoin leave nothing between them: of *0 to 3* and *4 to 6* months the first runs up to 4, so \
that 3.45 months (15 weeks) lies in it; of *0 to 3* and *3 to 6*, month 3 lies in the second. A \
time in another unit is converted, a month being a twelfth of 365.25 days. Where no time is \
given, the window stays blank.

Enter the construct in `outcome` (satisfaction) and the questionnaire in `instrument` (CSQ-8): \
rows are then pooled by outcome, and their SDs compared and borrowed within one instrument.

## Routes, in order of preference

Each row takes the first route whose columns are filled in or can be worked out: SDs from \
standard errors, intervals, medians and quartiles; events from percentages; changes from values \
before and after; standard errors from intervals and p-values.

The receipt also shows what the row's other routes would give. A printed number stands for an \
interval: 0.07 is anything from 0.065 to 0.075. If two routes for a row are further apart than \
the rounding of all its numbers can explain, the receipt says so under *routes disagree*: numbers \
from two analyses are mixed, one is misprinted, or the routes rest on different assumptions. \
Routes that rest on a guess, such as "<0.05" taken as 0.05, are listed but not judged.

{routes}

## Trials with several arms

Enter one row per treatment arm and repeat the control in each. Rows share a control if they \
agree in study, outcome, instrument, time and `subgroup` and in every cell of the control that \
both fill in. Where nothing is known of the control but its size, they share it if both name it in \
`comparison`, as in *cbt v usual care*. `lint` points such rows out, and also controls that differ \
by rounding alone, which you must decide on. Before anything is pooled or chosen, do one of three \
things:

- `shared_control(sheet)` combines the treatment arms: it completes the cells of each arm first \
(SDs from standard errors, events from percentages, changes from before and after) and then \
combines everything known of the arms. What only some arms have, or what makes the rows be \
analysed differently, is refused by name. Printed effects and test statistics are left out, as \
they compare one arm with the control.
- `shared_control(sheet, rule="split")` divides the control among its rows. Effects, figures and \
totals then count its people once. Only what was measured in each arm can be divided, not a \
printed effect or t.
- `shared_control_covariance(es)` gives the covariance matrix of the effects, for a multivariate \
model: the control's part of their variances.

Receipts say what was done, and so do footnotes under forest plots.

## Zero cells

`zero_cells` says what is added where a count is zero:

{zero_cells}

RevMan's convention (Deeks & Higgins 2010) is `"half"`, but for risk differences RevMan adds 1/2 \
only where the standard error would be 0; `"none"` leaves the other rows as they are. Peto's odds \
ratio and arcsine differences are defined where a count is zero, and nothing is added for them.

A table in which nobody, or everybody, has the event in both arms contains no information on a \
ratio. `no_events` says what is done about it for odds, risk and rate ratios:

{no_events}

A kept table is pointed out in the receipt and in the notes of the pooled result; one left out \
has the reason in the column `reason` and is listed in `excluded`. Peto's odds ratio has no \
value there and always leaves such tables out; differences always keep them.

## What is never done unless you ask

- Nothing is imputed: only `impute=["sd"]` and `impute=["r"]` borrow from the other rows of the \
same outcome, `impute=["n"]` halves `n_total`, and `assume={{"icc": 0.05}}` fills in a number \
where a column is blank. Receipts say so, and `sensitivity` recomputes the effects over several \
values.
- A p may be written with a decimal comma or a raised point, as `p = ,04`, `<=0.05` or \
`P < 0·001`. "NS" gives no effect. "<0.05" is taken as 0.05, which is conservative, and the \
receipt says so; so is a p printed as .000, which is below 0.0005. A lone 0 does not say how \
small p is, and is refused.
- No row is dropped: a row without an effect is an error, or with `refused="keep"` it is kept \
without an effect and with the reason. Rows that `no_events="leave_out"` leaves out are kept in \
the same way.

## Findings before pooling

A notebook shows the text of findings and receipts whole, and `findings.full()` all rows of a long \
table. A finding is set aside by giving its id in `waived` and the reason in `waived_because`; the \
reason goes into the receipt.

{rules}
"""


def page() -> str:
    """Return the page as it should be in `docs/extraction_sheet.md`."""
    rules = [(f"`{rule}`", severity, reason) for rule, severity, reason in rows(syn.lint_rules())]
    zero_cells = [(f'`"{name}"`', meaning) for name, meaning in ZERO_CELLS.items()]
    no_events = [(f'`"{name}"`', meaning) for name, meaning in NO_EVENTS.items()]
    return TEXT.format(
        measures=table(("name", "metafor", "measure", "columns"), measures()),
        columns=table(("column", "what it contains", "every cell"), columns()),
        namings=table(("column", *(one.program for one in NAMINGS.values())), namings()),
        routes="\n\n".join(f"### {title}\n\n{routes(name)}" for name, title in HEADINGS.items()),
        zero_cells=table(("value", "what it does"), zero_cells),
        no_events=table(("value", "what it does"), no_events),
        rules=table(("id", "severity", "why"), rules),
    )


def columns() -> list[tuple[str, str, str]]:
    """Return every column of the sheet with its meaning and what its cells must be."""
    others = [name for name in WORDS if name not in IDENTITY]
    numbers = [name for name in NUMERIC if name not in COMPUTED]
    return [
        (f"`{name}`", NUMERIC[name].meaning, NUMERIC[name].kind.rule)
        if name in NUMERIC
        else (f"`{name}`", WORDS[name], "")
        for name in (*IDENTITY, *numbers, *others, *COMPUTED)
    ]


def namings() -> list[tuple[str, ...]]:
    """Return our columns with what other programs call them; those of the other arm are alike."""
    programs = list(NAMINGS.values())
    ours = dict.fromkeys(
        name for one in programs for name in (*one.names, *one.shares) if not name.endswith("_c")
    )
    return [
        (
            f"`{name}`",
            *(
                " or ".join(
                    f"`{theirs}`"
                    for theirs in (*one.names.get(name, ()), *filter(None, [one.shares.get(name)]))
                )
                for one in programs
            ),
        )
        for name in ours
    ]


def measures() -> list[tuple[str, ...]]:
    """Return every measure with its code, its label and the columns of its first raw route."""
    listed = []
    for name, measure in MEASURES.items():
        raw = [
            route.needs
            for route in ROUTES
            if name in route.formulas and not any(column in PRINTED for column in route.needs)
        ]
        needs = [column for column in raw[0] if column in NUMERIC] if raw else ["yi", "vi"]
        written = ", ".join(f"`{column}`" for column in needs)
        listed.append((f"`{name}`", f"`{measure.code}`", measure.label, written))
    return listed


def routes(measure: str) -> str:
    """Return the table of the routes to a measure."""
    listed = [
        (f"`{route}`", needs, formula) for route, needs, formula in rows(syn.routes_to(measure))
    ]
    return table(("route", "needs", "formula"), listed)


def rows(frame: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    """Return the rows of a table without its index."""
    return frame.itertuples(index=False, name=None)


def table(header: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; an empty cell is one space wide."""
    lines = [header, *body]
    written = ["| " + " | ".join(cells) + " |" for cells in lines]
    written.insert(1, "|" + "---|" * len(header))
    return "\n".join(line.replace("|  ", "| ") for line in written)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
