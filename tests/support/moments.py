"""Lines of business and moments as the tests of clocks write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

CHICAGO, NEW_YORK, PHOENIX = "America/Chicago", "America/New_York", "America/Phoenix"
MA, FFS, SELF, FULL, QHP = (
    "medicare_advantage",
    "medicare_ffs",
    "commercial_self_funded",
    "commercial_fully_insured",
    "exchange",
)
MCD, MCD_FFS, FEP = "medicaid_managed", "medicaid_ffs", "fep"


def moment(text: str, zone: str = CHICAGO) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
