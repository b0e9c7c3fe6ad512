"""The numbers CMS publishes each quarter, read as published and kept as dated rows."""
