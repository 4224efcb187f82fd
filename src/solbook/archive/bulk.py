"""Reading and writing many rows: SQLAlchemy's statement, compiled once, fed with tuples.

Core builds a dictionary of parameters for every row and expands every list anew, which at several
rows a record costs more than SQLite itself; bench/ingest.py has the measurement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect


class BulkStatement:
    """A statement that takes many rows, as tuples.

    Args:
        statement: The statement, without values.
        columns: Names of its parameters, in the order in which rows give them.
    """

    def __init__(self, statement: sa.Insert | sa.Delete, columns: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect(), column_keys=list(columns))
        positions = compiled.positiontup
        if positions is None or list(positions[: len(columns)]) != list(columns):
            raise AssertionError(f"the statement takes {positions}, not {list(columns)}")
        self.columns = tuple(columns)
        self.text = str(compiled)

    def execute(self, connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write some rows; none is fine."""
        if rows:
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101  (an open connection has one)
            driver.executemany(self.text, rows)


class BulkSelect:
    """A select of the rows in which a column has one of many values.

    Args:
        statement: The select; it may have a condition, without parameters.
        column: The column.
    """

    # SQLite takes 32,766 parameters; fewer keep a statement's text short.
    _CHUNK = 500

    def __init__(self, statement: sa.Select[Any], column: sa.ColumnElement[Any]) -> None:
        compiled = statement.where(column.in_([sa.literal_column(_LIST)])).compile(
            dialect=dialect(), compile_kwargs={"literal_binds": True}
        )
        self.before, self.after = str(compiled).split(_LIST)

    def rows(self, connection: sa.Connection, values: Sequence[Any]) -> Iterator[Any]:
        """The rows for some values; none is fine."""
        for i in range(0, len(values), self._CHUNK):
            chunk = tuple(values[i : i + self._CHUNK])
            marks = ",".join("?" * len(chunk))
            yield from connection.exec_driver_sql(f"{self.before}{marks}{self.after}", chunk)


_LIST = "__LIST__"
