"""The prices of the books, to the cent, and where CMS publishes none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from coding.models import FeeScheduleRow, GeographicIndex, HospitalPayment
from payers.amounts.worth import FeeBook, Line
from payers.policies.lookup import PolicyBook


@pytest.mark.usefixtures("loaded")
class TestPrices:
    """Amounts a coder can hold against the published tables."""

    @pytest.mark.parametrize(
        ("code", "modifiers", "on", "dollars"),
        [
            ("77387", ["26"], date(2026, 1, 1), "36.41"),
            ("77387", ["26"], date(2026, 12, 31), "36.41"),
            ("77387", [], date(2026, 6, 1), "36.41"),
            ("77387", ["TC"], date(2026, 6, 1), "0.00"),
            ("77402", [], date(2026, 6, 1), "82.17"),
            ("77407", [], date(2026, 6, 1), "309.96"),
            ("77412", [], date(2026, 6, 1), "443.56"),
            ("77427", [], date(2026, 6, 1), "195.40"),
            ("77439", ["26"], date(2026, 6, 1), "16.03"),
            ("77417", [], date(2026, 6, 1), "0.00"),
            ("77437", [], date(2026, 6, 1), "109.55"),
            ("77431", [], date(2026, 6, 1), "106.55"),
            ("77014", ["26"], date(2025, 1, 1), "43.99"),
            ("77014", ["26"], date(2025, 12, 31), "43.99"),
            ("77014", [], date(2025, 12, 31), "115.80"),
            ("77014", ["TC"], date(2025, 12, 31), "71.81"),
            ("G6001", ["26"], date(2025, 12, 31), "30.73"),
            ("G6001", [], date(2025, 12, 31), "171.76"),
            ("G6002", ["26"], date(2025, 12, 31), "20.05"),
            ("G6002", [], date(2025, 12, 31), "73.43"),
            ("G6015", [], date(2025, 12, 31), "337.37"),
            ("G6016", [], date(2025, 12, 31), "336.08"),
            ("77427", [], date(2025, 12, 31), "187.93"),
            ("77431", [], date(2025, 12, 31), "106.10"),
            ("77432", [], date(2025, 12, 31), "416.62"),
            ("77435", [], date(2025, 12, 31), "629.46"),
            ("77417", [], date(2025, 12, 31), "15.85"),
            ("77387", [], date(2025, 12, 31), "0.00"),
            ("77014", ["26"], date(2024, 7, 1), "44.27"),
            ("77014", [], date(2024, 7, 1), "119.50"),
            ("G6002", ["26"], date(2024, 7, 1), "20.31"),
            ("G6001", [], date(2024, 7, 1), "179.75"),
            ("77417", [], date(2024, 7, 1), "14.98"),
        ],
    )
    def test_national_amounts(self, code, modifiers, on, dollars):
        assert PolicyBook().amount(None, code, modifiers, 1, on)[0] == Decimal(dollars)

    @pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
    def test_no_amount_outside_its_year(self, on):
        assert PolicyBook().amount(None, "77387", ["26"], 1, on)[0] is None

    @pytest.mark.parametrize(
        ("code", "on"),
        [
            ("77014", date(2025, 12, 31)),
            ("G6001", date(2025, 12, 31)),
            ("G6015", date(2025, 12, 31)),
            ("77387", date(2026, 6, 1)),
            ("77402", date(2026, 6, 1)),
            ("77407", date(2026, 6, 1)),
            ("77412", date(2026, 6, 1)),
            ("77373", date(2026, 6, 1)),
        ],
    )
    def test_the_global_service_has_no_price_in_a_facility(self, code, on):
        for place in ("19", "22"):
            found = FeeBook().worth(Line(None, code, (), 1, on, place_of_service=place))
            assert (found.amount, found.source) == (None, "not priced in a facility (NA)")

    def test_the_physicians_part_has_the_same_price_in_a_facility(self):
        for code, on, dollars in (
            ("77387", date(2026, 6, 1), "36.41"),
            ("77014", date(2025, 12, 31), "43.99"),
            ("77014", date(2024, 7, 1), "44.27"),
        ):
            found = FeeBook().worth(Line(None, code, ("26",), 1, on, place_of_service="22"))
            assert found.amount == Decimal(dollars)

    def test_guidance_is_packaged_for_the_hospital_not_forbidden(self):
        row = HospitalPayment.objects.in_force(date(2026, 6, 1)).get(code="77387")
        assert row.meaning == "N packaged, reported with its charge, not paid separately"
        assert row.confidence == "B"

    def test_a_port_image_has_no_component_of_its_own(self):
        row = FeeScheduleRow.objects.in_force(date(2026, 6, 1)).get(code="77417")
        assert (row.status, row.component_indicator) == ("B", "9")

    @pytest.mark.parametrize(
        ("code", "on", "status", "payment", "confidence"),
        [
            ("77387", date(2025, 1, 1), "N", None, "B"),
            ("77386", date(2025, 12, 31), "S", "578.47", "B"),
            ("77412", date(2025, 12, 31), "S", "262.98", "B"),
            ("77387", date(2026, 1, 1), "N", None, "C"),
            ("77412", date(2026, 3, 31), "S", "564.51", "C"),
            ("77412", date(2026, 4, 1), "S", "564.51", "B"),
        ],
    )
    def test_the_hospitals_payment_of_earlier_quarters(self, code, on, status, payment, confidence):
        row = HospitalPayment.objects.in_force(on).get(code=code)
        wanted = None if payment is None else Decimal(payment)
        assert (row.status_indicator, row.payment, row.confidence) == (status, wanted, confidence)

    def test_the_localities_of_2026(self):
        rows = GeographicIndex.objects.in_force(date(2026, 6, 1))
        assert rows.count() == 109
        chicago = rows.get(locality="06102-16")
        parts = chicago.work, chicago.practice, chicago.malpractice
        assert parts == (Decimal("1.007"), Decimal("1.005"), Decimal("2.295"))
