"""Files that come in: treatments, departments and spreadsheets, from preview to writing."""
