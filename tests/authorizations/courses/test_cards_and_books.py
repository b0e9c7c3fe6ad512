"""Registering from the card: member IDs as printed, plans by name, diagnoses we treat first."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from authorizations.courses.member_ids import member_id_of
from authorizations.courses.offered_fields import diagnoses_named, plan_shown
from authorizations.models import Coverage
from authorizations.prior_authorizations.forms import request_code_choices
from coding.models import DiagnosisCode, ProcedureCode
from payers.models import LineOfBusiness, Plan
from tests import factories as make
from tests.support.registration import filled as filled

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("W123 456 789", "W123456789"), ("U12345678 01", "U1234567801"), (" w-1 ", "w-1")],
)
def test_a_member_id_is_typed_as_on_the_card(front_desk, filled, typed, kept):
    front_desk.post(reverse("course_new"), {**filled, "member_id": typed})
    assert Coverage.objects.get().member_id == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1EG4-TE5-MK73", "1EG4TE5MK73"), ("1eg4te5mk73", "1EG4TE5MK73"), ("9AA9AA9AA99",) * 2],
)
def test_a_medicare_number_is_kept_as_cms_writes_it(typed, kept):
    assert member_id_of(Plan(line_of_business=LineOfBusiness.MEDICARE_FFS), typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1EG4TE5MK7", "this one has 10."),
        ("0EG4TE5MK73", "Character 1 is a digit from 1 to 9, here it is “0”."),
        ("1SG4TE5MK73", "Character 2 is a letter, here it is “S”."),
        ("1EO4TE5MK73", "Character 3 is a letter or digit, here it is “O”."),
        ("1EGATE5MK73", "Character 4 is a digit, here it is “A”."),
        ("1EG4TE5MK7X", "Character 11 is a digit, here it is “X”."),
    ],
)
def test_what_is_no_medicare_number_is_said_with_its_character(typed, said):
    with pytest.raises(ValidationError) as refused:
        member_id_of(Plan(line_of_business=LineOfBusiness.MEDICARE_FFS), typed)
    assert refused.value.messages[0].endswith(said)


def test_other_plans_have_numbers_of_their_own():
    assert member_id_of(Plan(line_of_business=LineOfBusiness.FEP), "R12345678") == "R12345678"
    assert member_id_of(None, "R12345678") == "R12345678"


def test_a_wrong_medicare_number_is_said_at_its_field(front_desk, filled, plan):
    medicare = make.PlanFactory(
        code="MED-B", name="Part B", line_of_business=LineOfBusiness.MEDICARE_FFS
    )
    typed = {**filled, "plan": medicare.code, "member_id": "1EG4 TE5"}
    errors = front_desk.post(reverse("course_new"), typed).context["form"].errors
    assert list(errors) == ["member_id"]


def test_several_plans_of_one_word_are_offered_and_chosen_in_one_press(front_desk, filled):
    one = make.PlanFactory(code="AST-1", name="Aster Choice PPO")
    make.PlanFactory(code="AST-2", name="Aster Choice HMO")
    page = front_desk.post(reverse("course_new"), {**filled, "plan": "aster"}).content.decode()
    assert "“aster” fits several. Choose one below." in page
    assert f'name="plan" value="{plan_shown(one)}"' in page
    # The button is sent after the field of the same name.
    front_desk.post(reverse("course_new"), {**filled, "plan": ["aster", plan_shown(one)]})
    assert Coverage.objects.get().plan == one


@pytest.mark.parametrize("typed", ["aster choice ppo", "ppo aster", "Aster Choice PPO"])
def test_a_plan_is_found_by_its_words_in_any_order(front_desk, filled, typed):
    one = make.PlanFactory(code="AST-1", name="Aster Choice PPO")
    make.PlanFactory(code="AST-3", name="Aster Choice PPO Plus", is_active=False)
    front_desk.post(reverse("course_new"), {**filled, "plan": typed})
    assert Coverage.objects.get().plan == one


def test_what_we_treat_most_is_suggested_first(books):
    rare = DiagnosisCode.objects.create(code="C44.0", description="skin of lip, sarcoma")
    usual = DiagnosisCode.objects.create(code="C49.9", description="soft tissue, sarcoma")
    make.CourseFactory(diagnosis=usual.code)
    assert [row.code for row in diagnoses_named("sarcoma")] == [usual.code, rare.code]


def test_planning_and_management_can_be_asked_for(books):
    ProcedureCode.objects.create(code="77263", kind="planning", short_description="Planning")
    ProcedureCode.objects.create(code="77427", kind="management", short_description="Weekly")
    ProcedureCode.objects.create(code="99999", kind="other", short_description="Other")
    offered = [code for code, _ in request_code_choices()]
    assert {"77263", "77427"} <= set(offered)
    assert "99999" not in offered
