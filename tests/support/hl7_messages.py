"""Treatments as HL7 v2 messages."""

from __future__ import annotations

HEADER = "MSH|^~\\&|RV|SITE|REVCYCLE|HOME|20261005090000||{kind}|{control}|P|2.5.1"


def message(course=None, *, record="R1", control="C1", kind="DFT^P03^DFT_P03", **changes) -> str:
    """One treatment as the record-and-verify system sends it, segments ended by CR."""
    values = {
        "FRACTION": "1",
        "SESSION_OF_DAY": "1",
        "DELIVERED": "yes",
        "DELIVERY_CODE": "77407",
        "IMAGE_MODALITY": "cbct",
        "IMAGE_TIME": "08:56",
        "SHIFT_LR": "1.2",
        "SHIFT_SI": "-2.0",
        "SHIFT_AP": "0.0",
    }
    moment = changes.pop("moment", "20261005090000")
    charge = changes.pop("charge", "CG")
    unit = changes.pop("unit", "mm")
    place = changes.pop("place", None) or (
        f"{course.facility.code}^{course.facility.machines[0]}" if course else "HERE^TB1"
    )
    code, mrn = (course.code, course.patient.mrn) if course else ("K1", "M1")
    observed = values | changes
    segments = [
        HEADER.format(kind=kind, control=control),
        "EVN|P03|20261005090000",
        f"PID|1||{mrn}^^^HOME^MR",
        f"PV1|1|O|{place}{'|' * 16}{code}",
        f"FT1|1|{record}||{moment}||{charge}|77387^^C4|||1",
        *(
            f"OBX|{n}|ST|{name}||{text}|{unit if name.startswith('SHIFT') else ''}|||||F"
            for n, (name, text) in enumerate(observed.items(), 1)
        ),
        "ZRV|1|kept as it came",
    ]
    return "".join(f"{segment}\r" for segment in segments)
