"""From the exports of databases to a flow diagram: records, duplicates, screening, counts."""
