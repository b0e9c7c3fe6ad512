"""The kinds of insurance."""

from __future__ import annotations

from django.db import models


class LineOfBusiness(models.TextChoices):
    """The kind of insurance a plan is; it decides which clock applies."""

    MEDICARE_FFS = "medicare_ffs", "Medicare fee-for-service"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
    COMMERCIAL_FULLY_INSURED = "commercial_fully_insured", "Commercial, fully insured"
    COMMERCIAL_SELF_FUNDED = "commercial_self_funded", "Commercial, self-funded"
    EXCHANGE = "exchange", "Exchange"
    MEDICAID_MANAGED = "medicaid_managed", "Medicaid managed care"
    MEDICAID_FFS = "medicaid_ffs", "Medicaid fee-for-service"
    FEP = "fep", "Federal employees"
    TRICARE = "tricare", "TRICARE"
    VETERANS = "va", "Veterans Affairs community care"
    WORKERS_COMPENSATION = "workers_compensation", "Workers’ compensation"
    SELF_PAY = "self_pay", "Self-pay: the patient pays"


LINES = dict(LineOfBusiness.choices)
