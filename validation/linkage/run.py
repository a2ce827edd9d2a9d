"""Duplicates beyond 100,000 records with Splink, on one machine.

``pip install splink`` (for the other engine ``pip install "splink[spark]"``, with Java), then
``python validation/linkage/run.py 300000`` or ``... 300000 spark``. Splink is no dependency of
Arrowroot. What is printed was measured on `corpus.corpus`, which is synthetic.
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkage.corpus import corpus


def prepared(records: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that Splink compares; blank cells are missing to it."""
    letters = records["title"].str.lower().str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip()
    table = pd.DataFrame(
        {
            "unique_id": records["record_id"],
            "title": letters,
            "title_start": letters.str.slice(0, 25),
            "title_end": letters.str.slice(-25),
            "family": records["authors"].str.partition(",")[0].str.lower(),
            "journal": records["journal"].str.lower().str.replace(" of ", " ")
            .str.replace(r"\b(\w{4})\w+", r"\1", regex=True),
            "year": records["year"],
            "volume": records["volume"],
            "number": records["number"],
            "page": records["pages"].str.partition("-")[0],
            "doi": records["doi"].str.lower(),
        }
    )  # fmt: skip
    return table.mask(table == "", None)


def engine(name: str) -> Any:
    """Return Splink's connection to DuckDB or Spark."""
    if name == "duckdb":
        from splink import DuckDBAPI

        return DuckDBAPI()
    from pyspark.sql import SparkSession
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location

    build = SparkSession.builder.master("local[2]").config("spark.driver.memory", "8g")
    build = build.config("spark.jars", similarity_jar_location())
    session = build.config("spark.sql.shuffle.partitions", "16").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.setCheckpointDir(tempfile.mkdtemp())
    return SparkAPI(spark_session=session)


def linked(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return for each record its group: what is linked with a probability of at least 0.99."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.LevenshteinAtThresholds("title", [1, 4]),
            cl.JaroWinklerAtThresholds("family", [0.92]),
            cl.JaroWinklerAtThresholds("journal", [0.92]),
            cl.LevenshteinAtThresholds("year", 1),
            cl.ExactMatch("volume"),
            cl.ExactMatch("number"),
            cl.ExactMatch("page"),
            cl.ExactMatch("doi"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("doi"),
            block_on("title_start", "family"),
            block_on("title_end", "family"),
            block_on("family", "volume", "page"),
            block_on("journal", "volume", "page"),
        ],
    )
    linker = Linker(engine(name).register(table), settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("doi"), block_on("title", "year")], recall=0.8
    )
    train.estimate_u_using_random_sampling(max_pairs=2_000_000)
    train.estimate_parameters_using_expectation_maximisation(block_on("doi"))
    train.estimate_parameters_using_expectation_maximisation(block_on("title"))
    pairs = linker.inference.predict(threshold_match_probability=0.99)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=0.99
    )
    return groups.as_pandas_dataframe()[["unique_id", "cluster_id"]]


def as_links(groups: pd.DataFrame) -> pd.DataFrame:
    """Return groups as links, which `merge_duplicates` and `prisma_flow` take."""
    heads = groups.groupby("cluster_id")["unique_id"].transform("first")
    links = pd.DataFrame({"record_id": groups["unique_id"], "duplicate_of": heads})
    links = links[links["record_id"] != links["duplicate_of"]]
    return links.assign(reason="Splink, probability of at least 0.99", certain=True)


def pairs_in(groups: pd.Series) -> int:
    """Return how many pairs there are within groups."""
    sizes = groups.value_counts()
    return int((sizes * (sizes - 1) // 2).sum())


def main() -> None:
    """Print seconds, peak memory, recall and precision."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    name = sys.argv[2] if len(sys.argv) > 2 else "duckdb"
    logging.getLogger("splink").setLevel(logging.ERROR)
    records = corpus(count)
    began = time.perf_counter()
    groups = linked(prepared(records), name)
    seconds = time.perf_counter() - began
    assert len(as_links(groups)) == count - groups["cluster_id"].nunique()
    both = records.merge(groups, left_on="record_id", right_on="unique_id")
    right = pairs_in(both["report"] + " " + both["cluster_id"].astype(str))
    true, found = pairs_in(both["report"]), pairs_in(both["cluster_id"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{count:,} records, {name}: {seconds:.0f} s, {memory:.1f} GB at most; {true:,} true "
        f"pairs, {found:,} found, {right:,} of them right: recall {right / true:.4f}, precision "
        f"{right / found:.4f}"
    )


if __name__ == "__main__":
    main()
