"""Any list as CSV: the names under which this app knows them."""

from accounts.exports.csv_writer import ROWS_AT_ONCE, csv_pieces, safe, written

__all__ = ["ROWS_AT_ONCE", "csv_pieces", "safe", "written"]
