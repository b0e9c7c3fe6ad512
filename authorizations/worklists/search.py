"""Search: one box for names, birth dates and numbers; results within scope only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from accounts.access_log import record_access
from accounts.models import AccessEvent, User
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from accounts.web.text import one_line
from authorizations.models import Contact, Course, Coverage, Patient, PriorAuthorization
from authorizations.models.searchable import NumberToSearch, WordsToSearch
from authorizations.worklists.search_terms import SearchTerms, near_words, read_search

P = Permission
MOST_RESULTS = 25


@dataclass
class SearchResult:
    """What fits a text, and, where nothing fits, patients whose names are written nearly so."""

    patients: list[Patient] = field(default_factory=list)
    requests: list[PriorAuthorization] = field(default_factory=list)
    similar: list[Patient] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.patients) + len(self.requests) + len(self.similar)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than are shown."""
        return MOST_RESULTS in (len(self.patients), len(self.requests), len(self.similar))


@permit(P.READ_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """Patients, courses and requests by name, date or number. The text is never in an address.

    The only one that fits is opened; one that is only written nearly so is listed.
    """
    text = one_line(request.POST.get("text", ""), 80)
    template = "authorizations/worklists/search.html"
    if not text:
        return render(request, template, {"search_text": "", "found": SearchResult()})
    terms = read_search(text, localdate(clock.now()))
    found = search_cases(terms, signed_in_person(request))
    if found.rows == 1 and found.patients:
        return open_patient(found.patients[0])
    if found.rows == 1 and found.requests:
        return redirect("authorization_detail", pk=found.requests[0].pk)
    record_access(request, action=AccessEvent.Action.SEARCH, rows=found.rows)
    return render(request, template, {"search_text": text, "found": found})


def open_patient(patient: Patient) -> HttpResponse:
    """The page of the only course the person may see, else that of the patient."""
    if len(patient.courses_here) == 1:
        return redirect("course_detail", pk=patient.courses_here[0].pk)
    return redirect("patient_detail", pk=patient.pk)


def search_cases(terms: SearchTerms, user: User) -> SearchResult:
    """What fits within the person's facilities."""
    mine = Course.objects.for_user(user, P.READ_CASES)
    found = SearchResult(
        patients=first_patients(fitting_patients(terms, mine), mine, user),
        requests=fitting_requests(terms, user),
    )
    if not found.rows and terms.is_name:
        found.similar = first_patients(similar_patients(terms), mine, user)
    return found


def first_patients(numbers: QuerySet[Any], mine: QuerySet[Course], user: User) -> list[Patient]:
    """The first of these patients whom the person may see, each with the courses they may see."""
    rows = Patient.objects.for_user(user, P.READ_CASES).filter(
        Q(pk__in=numbers) | Q(pk__in=Patient.objects.filter(pk__in=numbers).values("merged_into"))
    )
    courses = Prefetch("courses", queryset=mine, to_attr="courses_here")
    return list(rows.prefetch_related(courses)[:MOST_RESULTS])


def patient_numbers() -> QuerySet[Patient]:
    """Our numbers of patients, with their names and MRN as they are compared."""
    rows: QuerySet[Patient] = Patient.objects.order_by()
    return rows.alias(
        words=WordsToSearch("last_name", "first_name"), plain_mrn=NumberToSearch("mrn")
    )


def fitting_patients(terms: SearchTerms, mine: QuerySet[Course]) -> QuerySet[Any]:
    """By names and birth date together, else by a part of the MRN, member ID or course number."""
    rows = patient_numbers()
    ways: list[QuerySet[Any]] = []
    if terms.words or terms.born:
        ways.append(rows.filter(by_names(terms)).values("pk"))
    if terms.number:
        wanted = "contains" if terms.has_digit else "startswith"
        members = Coverage.objects.order_by().alias(plain=NumberToSearch("member_id"))
        courses = mine.order_by().alias(plain=NumberToSearch("code"))
        ways += [
            rows.filter(**{f"plain_mrn__{wanted}": terms.number}).values("pk"),
            members.filter(**{f"plain__{wanted}": terms.number}).values("patient"),
            courses.filter(plain__startswith=terms.number).values("patient"),
        ]
    if not ways:
        return Patient.objects.none().values("pk")
    return ways[0].union(*ways[1:]) if ways[1:] else ways[0]


def by_names(terms: SearchTerms) -> Q:
    """Every word begins one of the names, in any order, or all together do; born on that day."""
    each = Q()
    for word in terms.words:
        each &= Q(words__contains=f" {word}")
    together = Q(words__contains=f" {''.join(terms.words)}") if len(terms.words) > 1 else each
    return (each | together) & (Q(date_of_birth__in=terms.born) if terms.born else Q())


def similar_patients(terms: SearchTerms) -> QuerySet[Any]:
    """Every word is nearly one of the names."""
    wanted = Q(date_of_birth__in=terms.born) if terms.born else Q()
    for word in terms.words:
        near = Q(words__contains=f" {word}") | Q(words__trigram_word_similar=word)
        for other in near_words(word):
            near |= Q(words__contains=f" {other}")
        wanted &= near
    return patient_numbers().filter(wanted).values("pk")


def fitting_requests(terms: SearchTerms, user: User) -> list[PriorAuthorization]:
    """By a part of the payer's number or case reference, or the reference of a call about it."""
    if not terms.number:
        return []
    wanted = "contains" if terms.has_digit else "startswith"
    rows = PriorAuthorization.objects.order_by().alias(
        plain=NumberToSearch("number"), plain_reference=NumberToSearch("reference")
    )
    numbered = Q(**{f"plain__{wanted}": terms.number})
    numbered |= Q(**{f"plain_reference__{wanted}": terms.number})
    calls = Contact.objects.order_by().alias(plain=NumberToSearch("reference"))
    called = calls.filter(**{f"plain__{wanted}": terms.number})
    numbers = rows.filter(numbered).values("pk").union(called.values("authorization"))
    mine = PriorAuthorization.objects.for_user(user, P.READ_CASES).filter(pk__in=numbers)
    return list(mine.select_related("course__patient", "plan")[:MOST_RESULTS])
