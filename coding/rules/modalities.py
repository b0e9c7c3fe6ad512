"""How a target is located: each way of imaging, what it was coded as before 2026, what it counts
as.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Modality:
    """One way of imaging. ``counts_as``: guidance, surface, port_film, none or payer.

    ``is_tracking``: it watches while the beam is on, so its time may come after the start.
    """

    label: str
    legacy_code: str | None
    counts_as: str = "guidance"
    is_tracking: bool = False


MODALITIES: dict[str, Modality] = {
    "cbct": Modality("Cone-beam CT", "77014"),
    "kv_pair": Modality("Orthogonal kV pair", "G6002"),
    "ct_on_rails": Modality("CT on rails", "77014"),
    "mvct": Modality("Helical MV CT", "77014"),
    "kv_mv_pair": Modality("kV–MV or MV–MV pair with shift", "G6002"),
    "stereoscopic_xray": Modality("Stereoscopic room X-ray", "G6002"),
    "fiducial_kv": Modality("Fiducials on kV", "G6002"),
    "ultrasound": Modality("Ultrasound", "G6001"),
    "transponder": Modality("Electromagnetic transponder", "G6017", is_tracking=True),
    "intrafraction_xray": Modality("Intrafraction X-ray tracking", "G6017", is_tracking=True),
    "mr": Modality("MR", None),
    "surface": Modality("Surface guidance", "G6017", "surface", is_tracking=True),
    "light_field": Modality("Light field", None, "surface"),
    "skin_marks": Modality("Skin marks", None, "surface"),
    "port_film": Modality("Port image", "77417", "port_film"),
    "fluoroscopy": Modality("Fluoroscopy", "G6002", "payer"),
}


def kinds(modalities: tuple[str, ...]) -> set[str]:
    """What the modalities of one session count as."""
    return {MODALITIES[name].counts_as for name in modalities if name in MODALITIES}


def is_verification_only(modalities: Iterable[str]) -> bool:
    """Whether nothing but a port image was taken: recorded, and no guidance to bill."""
    return kinds(tuple(modalities)) == {"port_film"}


def is_tracking(modalities: Iterable[str]) -> bool:
    """Whether the image of a session may be taken during the beam.

    Surface guidance beside an internal image does not make that image one of tracking.
    """
    known = [MODALITIES[name] for name in modalities if name in MODALITIES]
    internal = [modality for modality in known if modality.counts_as != "surface"]
    return any(modality.is_tracking for modality in internal or known)


def legacy_code(modalities: tuple[str, ...]) -> str | None:
    """The guidance code of these modalities before 2026, the strongest image first."""
    found = {MODALITIES[name].legacy_code for name in modalities if name in MODALITIES}
    order = ("77014", "G6002", "G6001", "G6017")
    return next((code for code in order if code in found), None)
