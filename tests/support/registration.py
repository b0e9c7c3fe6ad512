"""The registration form as a front desk fills it in."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def filled(books, plan, facility):
    """A well-filled form."""
    first = timezone.localdate() + timedelta(days=10)
    return {
        "key": str(uuid.uuid4()),
        "mrn": "M1001",
        "last_name": "Example",
        "first_name": "Erin",
        "date_of_birth": "1950-05-05",
        "sex": "F",
        "plan": plan.code,
        "member_id": "W1234",
        "coverage_from": "2026-01-01",
        "coverage_through": "",
        "code": "CRS-1",
        "facility": facility.pk,
        "physician": books.pk,
        "diagnosis": "C61",
        "body_site": "prostate",
        "technique": "IMRT",
        "delivery_code": "77407",
        "guidance_modality": "cbct",
        "guidance_ordered_on": "2026-09-01",
        "fractions_planned": "28",
        "fractions_per_day": "1",
        "first_fraction_on": first.isoformat(),
    }
