"""The courses of the demo: each shows one thing that happens in a department."""

from __future__ import annotations

from dataclasses import dataclass

SITES = {
    "prostate": ("C61", "IMRT", "77407", "cbct"),
    "left breast": ("C50.912", "3D", "77402", "kv_pair"),
    "right breast": ("C50.911", "3D", "77402", "surface"),
    "left lung": ("C34.12", "IMRT", "77412", "cbct"),
    "brain": ("C71.1", "IMRT", "77407", "stereoscopic_xray"),
    "oropharynx": ("C10.9", "IMRT", "77407", "cbct"),
    "rectum": ("C20", "IMRT", "77407", "cbct"),
    "cervix": ("C53.9", "IMRT", "77407", "cbct"),
    "spine": ("C79.51", "3D", "77402", "kv_pair"),
    "lung, stereotactic": ("C34.11", "SBRT", "77373", "cbct"),
}


@dataclass(frozen=True)
class Case:
    """A course: who pays, where, what is treated, when it began, how it was authorized.

    ``starts`` counts working days from today; negative ones are past. ``story`` names what went
    otherwise than planned.
    """

    plan: str
    facility: str
    site: str
    fractions: int
    starts: int
    permission: str = "approved"
    story: str = ""
    per_day: int = 1


CASES = (
    Case("STD-AET-MA", "RIVER", "prostate", 28, -20),
    Case("STD-UHC-CFI", "RIVER", "oropharynx", 33, -24, "short"),
    Case("STD-CIG-CFI", "RIVER", "left breast", 15, -12),
    Case("STD-MCR-FFS", "RIVER", "left lung", 30, -26, "not_required"),
    Case("STD-IL-PPO", "RIVER", "brain", 30, -18, "expiring"),
    Case("STD-UHC-MA", "RIVER", "rectum", 25, -16),
    Case("STD-AET-CFI", "RIVER", "cervix", 25, -10, "phone"),
    Case("STD-CIG-CSF", "RIVER", "spine", 10, -7, "pended"),
    Case("STD-UHC-CSF", "RIVER", "right breast", 16, -9, story="surface"),
    Case("STD-MCR-FFS", "RIVER", "prostate", 28, -22, "not_required", "late_review"),
    Case("STD-IL-MA", "RIVER", "oropharynx", 35, -30, "approved", "no_shifts"),
    Case("STD-AET-MA", "RIVER", "left breast", 15, -30, "approved"),
    Case("STD-UHC-CFI", "RIVER", "left lung", 30, -36, "approved"),
    Case("STD-CIG-CFI", "RIVER", "prostate", 20, -40, "approved"),
    Case("STD-ANT-CFI", "MEADOW", "brain", 30, -14, "partial"),
    Case("STD-UHC-CFI", "MEADOW", "prostate", 28, -25),
    Case("STD-AET-MA", "MEADOW", "left lung", 30, -19, "wrong_site"),
    Case("STD-MCR-FFS", "MEADOW", "left breast", 16, -15, "not_required"),
    Case("STD-IL-PPO", "MEADOW", "rectum", 25, -28),
    Case("STD-CIG-EXC", "MEADOW", "cervix", 25, -8, "overdue"),
    Case("STD-UHC-EXC", "MEADOW", "spine", 10, -5, "none"),
    Case("STD-MCR-FFS", "HILL", "prostate", 28, -21, "not_required"),
    Case("STD-UHC-MA", "HILL", "left breast", 16, -13),
    Case("STD-CIG-CFI", "HILL", "oropharynx", 35, -27),
    Case("STD-AET-CSF", "HILL", "left lung", 30, -11, "denied"),
    Case("STD-IL-PPO", "HILL", "lung, stereotactic", 5, -6),
    Case("STD-UHC-CSF", "HILL", "brain", 30, -17),
    Case("STD-MCR-FFS", "HILL", "left lung", 30, -15, "not_required", "twice", 2),
    Case("STD-AET-MA", "RIVER", "prostate", 28, 3, "submitted"),
    Case("STD-UHC-CFI", "RIVER", "left breast", 15, 5, "draft"),
    Case("STD-CIG-CFI", "MEADOW", "rectum", 25, 4, "submitted"),
    Case("STD-IL-MA", "HILL", "cervix", 25, 6, "none"),
    Case("STD-UHC-MA", "RIVER", "spine", 10, 2, "pended"),
    Case("STD-AET-MA", "HILL", "prostate", 28, -18, "won"),
    Case("STD-UHC-MA", "RIVER", "oropharynx", 33, -14, "talked"),
    Case("STD-CIG-CFI", "MEADOW", "left lung", 30, -16, "ended"),
)
LAST_NAMES = [
    *("Acorn", "Barley", "Cedar", "Dune", "Elder", "Fjord", "Garnet", "Heather", "Islet"),
    *("Juniper", "Kelp", "Larch", "Maple", "Nettle", "Oakum", "Pebble", "Quince", "Rowan"),
    *("Sorrel", "Teasel", "Umber", "Vetch", "Willow", "Yarrow", "Zinnia", "Bracken", "Clover"),
    *("Dogwood", "Ember", "Fennel", "Gorse", "Hazel", "Ivory", "Jasper", "Kestrel", "Lupin"),
]
FIRST_NAMES = [
    *("Alva", "Benno", "Cleo", "Dorit", "Ewan", "Fleur", "Gus", "Hanne", "Ivo", "Jolie", "Kees"),
    *("Lene", "Milo", "Nora", "Olaf", "Pia", "Quinn", "Runa", "Silas", "Tove", "Ulla", "Vigo"),
    *("Wanda", "Xenia", "Yves", "Zora", "Arlo", "Bea", "Cyr", "Dag", "Esme", "Finn", "Greta"),
    *("Hedda", "Ines", "Jory"),
]
