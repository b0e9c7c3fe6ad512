"""Matching the columns of somebody's spreadsheet with ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from authorizations.exchange.department_csv import TABLES

SHEET = next(table for table in TABLES if table.name == "authorizations.csv")
SYNONYMS = {
    "authorization_number": (
        "auth number,authorization,auth no,auth id,auth,reference number,approval,"
        "authorization no,auth ref,reference,pa number,prior auth number,precert number"
    ),
    "mrn": "medical record number,patient id,patient mrn,mr,mr no,mr number,pt id,med rec",
    "course": "course number,course id,treatment course,course no",
    "plan": "plan code,insurance plan,insurance,ins,payer,payor,carrier,insurance name",
    "facility": "site,location,department,clinic",
    "status": "auth status,determination,decision,outcome",
    "urgency": "priority,type of review",
    "submitted_on": (
        "submitted,date submitted,requested on,request date,submission date,date requested,"
        "submit date,date sent,sent"
    ),
    "decided_on": (
        "decided,decision date,determination date,date decided,approval date,date approved,"
        "approved on,auth date"
    ),
    "code": "cpt,cpt code,hcpcs,procedure,procedure code,cpt hcpcs",
    "modifier": "mod,modifiers,mods",
    "units_requested": "requested,units asked,requested units,visits requested,units req",
    "units_approved": (
        "approved,approved units,units,visits,visits approved,auth units,authorized units,"
        "units authorized,units auth,fractions approved"
    ),
    "valid_from": (
        "from,start,start date,effective from,valid start,eff date,effective date,eff,"
        "auth start,begin date,from date"
    ),
    "valid_through": (
        "through,to,end,end date,expires,expiration,valid to,valid end,exp date,exp,"
        "expiration date,auth end,thru,to date,expires on"
    ),
    "evidence": "proof,document,how confirmed",
    "notes": "note,comment,comments,remarks",
}
# What a sheet may leave out, with the value then; a course, plan or facility is found by MRN.
MAY_BE_MISSING = {
    "urgency": "standard", "modifier": "", "notes": "", "evidence": "none", "course": "",
    "plan": "", "facility": "", "submitted_on": "", "decided_on": "", "units_requested": "",
    "authorization_number": "",
}  # fmt: skip
REASON = "reason refused"  # the column of a file of refused rows that says why


def normal(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def names_of(column: str) -> list[str]:
    """The headings that mean a column of ours, ours first."""
    return [normal(column), *(normal(name) for name in SYNONYMS[column].split(","))]


ALL_NAMES = {name: column for column in reversed(SHEET.columns) for name in names_of(column)}


def known_headings(cells: Sequence[str]) -> int:
    """How many different columns of ours a row names."""
    return len({ALL_NAMES[name] for cell in cells if (name := normal(cell)) in ALL_NAMES})


def match_columns(heading: Sequence[str]) -> dict[str, int | None]:
    """For each of our columns, where it stands in theirs; None where nothing fits."""
    theirs = {normal(cell): place for place, cell in reversed(list(enumerate(heading)))}
    return {
        column: next((theirs[name] for name in names_of(column) if name in theirs), None)
        for column in SHEET.columns
    }
