"""Any table as CSV or as a workbook."""
