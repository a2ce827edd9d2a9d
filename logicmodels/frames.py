"""Results that are tables: as rows, and as pandas tables; pandas is imported only for these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Tabular:
    """A result that can be read as rows."""

    def to_records(self) -> Sequence[Mapping[str, Any]]:
        """Return the rows."""
        raise NotImplementedError

    @property
    def _columns(self) -> Sequence[str]:
        """The keys of every row, even if there are no rows."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas table, which has its columns even where there are no rows."""
        import pandas as pd

        return pd.DataFrame(list(self.to_records()), columns=list(dict.fromkeys(self._columns)))
