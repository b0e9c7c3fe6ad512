"""Day sheets as posted and treatment files as uploaded."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

MONDAY = date(2026, 10, 5)


def sheet(course, on: date = MONDAY) -> str:
    return f"{reverse('day_sheet')}?facility={course.facility.code}&date={on.isoformat()}"


def typed(course, **changes):
    key = f"row-{course.pk}-1"
    values = {
        "delivered": "yes",
        "fraction": "1",
        "start_time": "9:05",
        "modality": "cbct",
        "image_time": "901",
        "shift_lr": "1.2",
        "shift_si": "-2",
        "shift_ap": "0",
        "rotations": "",
        "machine": "TB1",
        **changes,
    }
    return {f"{key}-{name}": value for name, value in values.items()} | {"save": "all"}


HEADING = (
    "record_id,facility,machine,date,start_time,end_time,mrn,course,fraction,session_of_day,"
    "delivered,delivery_code,image_modality,image_time,shift_lr_mm,shift_si_mm,shift_ap_mm,"
    "pitch_deg,roll_deg,yaw_deg,therapist,reviewed_by_npi,reviewed_by,reviewed_at\n"
)


def line(course, record: str = "R1", fraction: str = "1", facility: str = "") -> str:
    code = facility or course.facility.code
    return (
        f"{record},{code},TB1,2026-10-05,09:00,09:15,{course.patient.mrn},{course.code},"
        f"{fraction},1,yes,77407,cbct,08:56,1.0,-2.0,0.0,,,,Mina Gant,,,\n"
    )


def preview(client, *texts: str | bytes):
    files = [
        SimpleUploadedFile(f"day{n}.csv", text if isinstance(text, bytes) else text.encode())
        for n, text in enumerate(texts)
    ]
    return client.post(reverse("treatment_import"), {"files": files})


@pytest.fixture
def kept(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path
