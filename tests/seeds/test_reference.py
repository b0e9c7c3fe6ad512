"""The published books: complete, cited, loaded once, and never over a person's own change."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pghistory
import pytest
import yaml
from django.core.management import CommandError, call_command

from coding.models import (
    CodeEdition,
    ConversionFactor,
    DiagnosisCode,
    PairEdit,
    UnitLimit,
)
from payers.models import AuthorizationPolicy, CodingPolicy, Payer, Plan
from payers.policies.lookup import PolicyBook
from seeds.reference import SeedRefused, load_reference
from seeds.reference.books import BOOKS
from seeds.reference.loader import HERE
from seeds.reference.reading import read_rows

CITED = [book for book in BOOKS if book.needs_source]
NOVEMBER = date(2026, 11, 23)
LAST_READ = date(2026, 11, 28)


@pytest.fixture
def folder(tmp_path):
    """A copy of the reference files that a test may spoil."""
    for path in HERE.glob("*.*"):
        if path.suffix in (".yaml", ".csv"):
            shutil.copy(path, tmp_path)
    return tmp_path


def change_first_row(path, **values) -> None:
    content = yaml.safe_load(path.read_text())
    content["rows"][0].update(values)
    path.write_text(yaml.safe_dump({"rows": content["rows"]}))


@pytest.mark.parametrize("book", CITED, ids=lambda book: book.name)
def test_every_row_says_where_it_comes_from_when_and_how_sure_we_are(book):
    rows = [row for _, row in read_rows(book, HERE)]
    assert rows
    for row in rows:
        assert 10 < len(row["source"]) <= 240
        assert row["verified_on"] <= LAST_READ
        assert row["confidence"] in "ABCD"
        assert row.get("source_url", "").startswith("https://") or not row.get("source_url")


@pytest.mark.parametrize("name", ["short_description", "meaning"])
def test_codes_are_described_in_few_words_of_our_own(name):
    """Descriptors of the AMA run on with semicolons and 'including … when performed'."""
    borrowed = re.compile(
        r"when performed|, including|per day;|each session|radiation treatment delivery", re.I
    )
    for book in BOOKS[:2]:
        for where, row in read_rows(book, HERE):
            words = row.get(name, "")
            assert not borrowed.search(words), where
            assert len(words) < 260, where


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    first = load_reference()
    second = load_reference()
    assert all(book.added for book in first)
    assert not any(book.added or book.changed or book.kept for book in second)
    assert [book.added for book in first] == [book.unchanged for book in second]


@pytest.mark.django_db
def test_a_changed_row_is_changed_and_nothing_else(folder):
    load_reference()
    change_first_row(folder / "payers.yaml", note="Another note")
    changed = {book.name: book.changed for book in load_reference(folder) if book.changed}
    assert changed == {"payers": 1}
    assert Payer.objects.get(key="medicare").note == "Another note"


@pytest.mark.django_db
def test_a_row_that_has_left_the_file_stays(folder):
    load_reference()
    (folder / "conversion_factors.yaml").write_text("rows: []\n")
    load_reference(folder)
    assert ConversionFactor.objects.count() == 4


@pytest.mark.django_db
def test_a_row_ends_and_its_successor_begins_in_one_loading(folder):
    load_reference()
    path = folder / "coding_policies.yaml"
    rows = yaml.safe_load(path.read_text())["rows"]
    old = next(row for row in rows if row["topic"] == "modifier_26" and row["payer"] == "medicare")
    successor = {**old, "effective_from": date(2027, 1, 1), "value": "either"}
    old["effective_through"] = date(2026, 12, 31)
    path.write_text(yaml.safe_dump({"rows": [successor, *rows]}))
    policies = next(book for book in load_reference(folder) if book.name == "coding policies")
    assert (policies.added, policies.changed) == (1, 1)


@pytest.mark.django_db
def test_what_a_person_changed_is_kept_and_counted(folder, administrator):
    load_reference()
    payer = Payer.objects.get(key="aetna")
    with pghistory.context(user=administrator.user.pk):
        payer.note = "Our own agreement of 2026"
        payer.save()
    kept = {book.name: book.kept for book in load_reference() if book.kept}
    assert kept == {"payers": 1}
    payer.refresh_from_db()
    assert payer.note == "Our own agreement of 2026"


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["source", "verified_on", "confidence"])
def test_a_row_without_its_source_is_refused_by_file_and_row(folder, column):
    change_first_row(folder / "modifiers.yaml", **{column: ""})
    with pytest.raises(SeedRefused, match=r"modifiers\.yaml, row 1 \(26\) has no"):
        load_reference(folder)
    assert not DiagnosisCode.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "values", "sentence"),
    [
        ("payers.yaml", {"nickname": "x"}, "columns nobody knows: nickname"),
        ("plans.yaml", {"payer": "nobody"}, "names the payer “nobody”, which is in no file"),
        ("modifiers.yaml", {"kind": "strange"}, "kind: Value 'strange' is not a valid choice"),
        ("places_of_service.yaml", {"code": "1"}, "the database refuses a row"),
        ("plans.yaml", {"code": "STD-FEP"}, "stands twice in the file"),
    ],
)
def test_a_bad_row_is_refused_in_words_and_nothing_is_loaded(folder, file, values, sentence):
    change_first_row(folder / file, **values)
    with pytest.raises(SeedRefused) as refusal:
        load_reference(folder)
    assert sentence in str(refusal.value)
    assert file in str(refusal.value)
    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_the_command_prints_its_counts_and_says_what_is_wrong(capsys, monkeypatch, folder):
    call_command("seed")
    assert re.search(r"coding policies +\d+ added, 0 changed, 0 unchanged", capsys.readouterr().out)
    change_first_row(folder / "payers.yaml", source="")
    monkeypatch.setattr(
        "seeds.management.commands.seed.load_reference", lambda: load_reference(folder)
    )
    with pytest.raises(CommandError, match=r"payers\.yaml, row 1"):
        call_command("seed")


@pytest.mark.usefixtures("loaded")
class TestFacts:
    """Figures and dates a coder can hold against the published tables."""

    @pytest.mark.parametrize(
        ("code", "last_day_of_old", "standings"),
        [
            ("77387", date(2025, 12, 31), ("not_payable", "valid")),
            ("77014", date(2025, 12, 31), ("valid", "deleted")),
            ("G6002", date(2025, 12, 31), ("valid", "deleted")),
            ("77385", date(2025, 12, 31), ("valid", "deleted")),
            ("77401", date(2025, 12, 31), ("valid", "deleted")),
            ("77417", date(2025, 12, 31), ("valid", "not_payable")),
        ],
    )
    def test_editions_change_with_the_year(self, code, last_day_of_old, standings):
        found = CodeEdition.objects.filter(code__code=code)
        first_of_new = date(2026, 1, 1)
        assert found.in_force(last_day_of_old).get().standing == standings[0]
        assert found.in_force(first_of_new).get().standing == standings[1]

    @pytest.mark.parametrize("code", ["77402", "77407", "77412"])
    def test_delivery_holds_guidance_since_2026(self, code):
        found = CodeEdition.objects.filter(code__code=code)
        assert not found.in_force(date(2025, 12, 31)).get().includes_guidance
        assert found.in_force(date(2026, 1, 1)).get().includes_guidance

    @pytest.mark.parametrize(
        ("code", "units", "adjudication"),
        [("77387", 1, 3), ("77402", 2, 3), ("77417", 1, 2), ("77334", 10, 3)],
    )
    def test_practitioner_limits_of_this_autumn(self, code, units, adjudication):
        limit = UnitLimit.objects.in_force(NOVEMBER).get(code=code, table="practitioner")
        assert (limit.units, limit.adjudication, limit.release) == (units, adjudication, "2026 Q2")
        assert limit.effective_through is None

    def test_assumed_pairs_are_marked_and_read_ones_are_not(self):
        pairs = PairEdit.objects.in_force(NOVEMBER).filter(column_two="77387")
        assert pairs.get(column_one="77301", table="practitioner").is_provisional
        assert not pairs.filter(column_one="77373", table="practitioner").exists()
        assert not pairs.get(column_one="77373", table="outpatient_hospital").is_provisional
        assert not PairEdit.objects.filter(is_provisional=True).exclude(confidence="C").exists()

    @pytest.mark.parametrize(
        ("plan", "on", "answer"),
        [
            ("STD-MCR-FFS", date(2026, 1, 1), "required"),
            ("STD-UHC-CFI", date(2026, 2, 28), "either"),
            ("STD-UHC-CFI", date(2026, 3, 1), "required"),
            ("STD-UHC-MA", date(2026, 3, 1), "required"),
            ("STD-AET-MA", NOVEMBER, None),
            ("STD-CIG-CFI", NOVEMBER, None),
            ("STD-ANT-CFI", NOVEMBER, None),
        ],
    )
    def test_modifier_26_by_payer_and_date(self, plan, on, answer):
        row = Plan.objects.select_related("payer").get(code=plan)
        assert PolicyBook().answer(row, CodingPolicy.Topic.MODIFIER_26, on) == answer

    @pytest.mark.parametrize(
        ("plan", "limit"),
        [
            ("STD-MCR-FFS", "12 calendar months"),
            ("STD-UHC-CSF", "90 days"),
            ("STD-UHC-MCD", None),
            ("STD-AET-MA", "120 days"),
            ("STD-IL-PPO", "180 days"),
            ("STD-ANT-MA", None),
            ("STD-FEP", "end of next calendar year"),
        ],
    )
    def test_filing_limits_by_plan(self, plan, limit):
        row = Plan.objects.select_related("payer").get(code=plan)
        assert PolicyBook().answer(row, CodingPolicy.Topic.TIMELY_FILING, NOVEMBER) == limit

    @pytest.mark.parametrize(
        ("plan", "is_required", "manager"),
        [
            ("STD-MCR-FFS", False, ""),
            ("STD-UHC-MA", True, "Optum Cancer Guidance Program"),
            ("STD-CIG-EXC", True, "eviCore"),
            ("STD-AET-MA", None, ""),
            ("STD-ANT-CFI", True, "Carelon"),
            ("STD-FEP", False, "The local Blue plan"),
        ],
    )
    def test_whom_to_ask_by_plan(self, plan, is_required, manager):
        row = Plan.objects.select_related("payer").get(code=plan)
        book = PolicyBook()
        assert book.is_required(row, NOVEMBER) is is_required
        assert book.authorization_policy(row, NOVEMBER).manager == manager

    def test_a_plan_of_a_hospital_never_meets_a_typical_one(self):
        assert all(code.startswith("STD-") for code in Plan.objects.values_list("code", flat=True))

    def test_every_authorization_policy_that_requires_names_a_manager(self):
        assert not AuthorizationPolicy.objects.filter(requirement="required", manager="").exists()

    def test_diagnoses_are_there_to_be_searched(self):
        assert DiagnosisCode.objects.get(code="C61").is_malignancy
        assert not DiagnosisCode.objects.get(code="Z51.0").is_malignancy
        assert DiagnosisCode.objects.count() > 1700
