"""The gates test what happened, never the code that was typed: no label opens one of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from coding.rules import by_number, review
from coding.rules.common import GUIDANCE_CODES, codes_that_cover, guidance_codes_on
from coding.rules.examples import EXAMPLES
from coding.rules.examples.base import at, authorized, changed, clean, insured
from coding.rules.facts import OtherLine, UnitLimitFacts

BOOK = Path(__file__).resolve().parents[3] / "seeds" / "reference" / "codes.yaml"
CODES = sorted({str(row["code"]) for row in yaml.safe_load(BOOK.read_text())["rows"]})
MODIFIERS: tuple[tuple[str, ...], ...] = ((), ("26",), ("26", "76"))
DAYS = (date(2025, 12, 31), date(2026, 6, 1))
UNPROVEN: dict[str, Any] = {"evidence": "phone"}
ENDED: dict[str, Any] = {"valid_through": date(2025, 1, 31)}


def uncovered(on: date, **line: Any) -> dict[str, Any]:
    """An insured session whose payer gave an answer of this kind, for every code of the book."""
    return {"lines": tuple(authorized(on, code=code, **line) for code in CODES)}


def defects(on: date) -> dict[str, dict[str, Any]]:
    """What keeps a session from being billed, whatever its line says."""
    return {
        "not delivered": {"is_delivered": False, "other_lines": ()},
        "nobody approved": {"reviewed_at": None, "reviewer_role": "", "reviewer_npi": ""},
        "approved too late": {"reviewed_at": at(on.replace(day=on.day), 23), "next_delivered_at":
                              at(on, 22)},
        "approved by a physicist": {"reviewer_role": "physicist"},
        "no shifts": {"has_shifts": False},
        "no image time": {"image_at": None},
        "image after the beam": {"image_at": at(on, 10, 1)},
        "approved before the image": {"reviewed_at": at(on, 9)},
        "never ordered": {"guidance_ordered_on": None},
        "a port image only": {"modalities": ("port_film",)},
        "surface only": {"modalities": ("surface",)},
        "a resident alone": {"has_resident": True},
        "no covered diagnosis": {"diagnoses": ("M54.5",)},
        "no line approved": {"lines": (), "holds_unit": False},
        "denied": uncovered(on, decision="denied") | {"holds_unit": False},
        "not decided": uncovered(on, decision="pended") | {"holds_unit": False},
        "by telephone only": uncovered(on, **UNPROVEN),
        "no unit left": uncovered(on) | {"holds_unit": False},
        "outside its dates": uncovered(on, **ENDED),
        "another place": uncovered(on, facility="ELSEWHERE"),
        "filed too late": {"deadline": on, "judged_on": date(2027, 6, 1)},
        "two units": {"units": 2},
        "beyond an absolute limit": {"earlier_units": 1, "unit_limit": UnitLimitFacts(1, 2)},
        "stereotactic delivery": {"delivery_code": "77373", "other_lines": (OtherLine("77373"),)},
        "a stereotactic course": {"technique": "SBRT"},
        "a planning day": {"other_lines": (OtherLine("77407"), OtherLine("77301"))},
        "protons": {"delivery_code": "77522", "other_lines": (OtherLine("77522"),)},
    }  # fmt: skip


@pytest.mark.parametrize("defect", sorted(defects(DAYS[0])))
def test_no_code_of_the_book_makes_a_session_with_this_defect_clean(defect):
    for on in DAYS:
        for base in (clean(on), insured(on)):
            facts = changed(base, **defects(on)[defect])
            if base.payer.is_medicare and ("lines" in defects(on)[defect]):
                continue  # Medicare asks for no authorization
            for code in CODES:
                for modifiers in MODIFIERS:
                    tried = changed(facts, code=code, modifiers=modifiers)
                    assert review(tried).disposition in ("STOP", "HOLD"), (on, code, modifiers)


FACTS = ("combinations", "documentation", "filing")
GATED = [
    found
    for found in (*EXAMPLES,)
    if found.speaks
    and by_number(found.about)[-1].subject in FACTS
    and review(found.facts).disposition in ("STOP", "HOLD")
    and found.about not in ("R22", "R23")  # their answer is another line: 59, or 77439
]


@pytest.mark.parametrize("example", GATED, ids=lambda found: f"{found.about} {found.why}")
def test_what_stops_or_holds_a_session_does_so_under_every_code(example):
    modifiers = example.facts.line.modifiers
    for code in CODES:
        tried = changed(example.facts, code=code)
        assert review(tried).disposition in ("STOP", "HOLD"), (code, modifiers)


@pytest.mark.parametrize("on", DAYS)
def test_a_perfect_session_is_clean_under_guidance_codes_alone(on):
    clean_codes = {
        code
        for code in CODES
        if review(changed(clean(on), code=code, modifiers=("26",))).disposition in ("pass", "WARN")
    }
    assert clean_codes <= guidance_codes_on(on) | {"77417"}, "77417 is worth nothing since 2026"
    assert clean_codes & guidance_codes_on(on)


def test_the_codes_of_guidance_follow_its_eras():
    assert guidance_codes_on(date(2014, 12, 31)) == {"77014"}
    assert guidance_codes_on(date(2015, 1, 1)) == {"77387", "77014", "G6001", "G6002", "G6017"}
    assert guidance_codes_on(date(2025, 12, 31)) == guidance_codes_on(date(2015, 1, 1))
    assert guidance_codes_on(date(2026, 1, 1)) == {"77387", "77439"}


def test_an_authorization_covers_its_own_code_and_before_2026_either_set():
    new, old = date(2026, 1, 1), date(2025, 12, 31)
    assert codes_that_cover("77439", new) == {"77439"}
    assert codes_that_cover("77387", new) == {"77387"}
    assert codes_that_cover("77387", old) == codes_that_cover("G6002", old)
    assert "77439" not in codes_that_cover("77387", old)
    assert codes_that_cover("77427", new) == {"77387", "77439"}
    assert {"77387", "77439"} < GUIDANCE_CODES
