"""Books that forms look things up in."""

from __future__ import annotations

import pytest

from tests import factories as make


@pytest.fixture
def books(plan, facility):
    """What the form looks things up in."""
    make.DiagnosisCodeFactory(code="C61", description="Malignant neoplasm of prostate")
    for code, kind in (("77407", "delivery"), ("77387", "guidance"), ("77385", "delivery")):
        row = make.ProcedureCodeFactory(code=code, kind=kind)
        is_old = code == "77385"
        make.CodeEditionFactory(
            code=row,
            standing="deleted" if is_old else "valid",
            replaced_by=["77407"] if is_old else [],
        )
    make.ModifierFactory(code="26")
    return make.ProviderFactory(name="Dr Beam")
