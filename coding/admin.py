"""The books of codes and published numbers."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin_base import Book, DatedBook, InForceFilter
from coding.models import (
    CodeEdition,
    CodeFact,
    ConversionFactor,
    DiagnosisCode,
    FacilityLocality,
    FeeScheduleRow,
    GeographicIndex,
    HospitalPayment,
    Modifier,
    PairEdit,
    PlaceOfService,
    ProcedureCode,
    UnitLimit,
)

DATES_AND_SOURCE = ("effective_from", "effective_through", "source", "level", "verified_on")


@admin.register(ProcedureCode)
class ProcedureCodes(Book):
    """CPT and HCPCS codes in our own words."""

    list_display = ("code", "kind", "short_description")
    list_filter = ("kind",)
    search_fields = ("code", "short_description")


@admin.register(CodeEdition)
class CodeEditions(DatedBook):
    """What a code means and whether it is valid, by date of service."""

    list_display = ("code", "standing", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "standing", "code__kind", "confidence")
    search_fields = ("code__code", "meaning")
    list_select_related = ("code",)


@admin.register(CodeFact)
class CodeFacts(DatedBook):
    """What the page of a code says beside the published tables."""

    list_display = ("code", "section", "label", "position", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "section", "confidence")
    search_fields = ("code", "label", "statement")


@admin.register(Modifier)
class Modifiers(Book):
    """Modifiers with when to use them."""

    list_display = ("code", "name", "kind", "source", "verified_on", "level")
    list_filter = ("kind", "confidence")
    search_fields = ("code", "name")


@admin.register(PlaceOfService)
class PlacesOfService(Book):
    """Settings and who bills what there."""

    list_display = ("code", "name", "is_facility", "source", "verified_on", "level")
    list_filter = ("confidence",)
    search_fields = ("code", "name")


@admin.register(DiagnosisCode)
class DiagnosisCodes(Book):
    """ICD-10-CM codes with their public descriptions."""

    list_display = ("code", "description", "is_malignancy")
    list_filter = ("is_malignancy",)
    search_fields = ("code", "description")


@admin.register(UnitLimit)
class UnitLimits(DatedBook):
    """Published unit limits (MUE)."""

    list_display = ("code", "table", "units", "adjudication", "release", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "table", "release", "confidence")
    search_fields = ("code",)


@admin.register(PairEdit)
class PairEdits(DatedBook):
    """Published pairings (NCCI)."""

    list_display = ("column_one", "column_two", "indicator", "table", "release", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "table", "indicator", "is_provisional", "release", "confidence")
    search_fields = ("column_one", "column_two")


@admin.register(FeeScheduleRow)
class FeeSchedule(DatedBook):
    """Relative values of the Medicare fee schedule."""

    list_display = ("code", "modifier", "status", "work_rvu", "release", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "status", "release", "confidence")
    search_fields = ("code",)


@admin.register(ConversionFactor)
class ConversionFactors(DatedBook):
    """Dollars per relative value unit."""

    list_display = ("dollars_per_rvu", "track", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "track", "confidence")


@admin.register(GeographicIndex)
class GeographicIndices(DatedBook):
    """Medicare's indices of each locality (GPCI)."""

    list_display = ("locality", "name", "work", "practice", "malpractice", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "release", "confidence")
    search_fields = ("locality", "name")


@admin.register(HospitalPayment)
class HospitalPayments(DatedBook):
    """How Medicare pays a hospital's outpatient department (OPPS)."""

    list_display = ("code", "status_indicator", "payment_class", "payment", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "status_indicator", "release", "confidence")
    search_fields = ("code",)


@admin.register(FacilityLocality)
class FacilityLocalities(DatedBook):
    """In which Medicare locality each facility lies."""

    list_display = ("facility", "locality", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "facility", "confidence")
    search_fields = ("locality",)
    list_select_related = ("facility",)
