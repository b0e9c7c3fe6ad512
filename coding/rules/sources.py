"""Who says so: the documents that the rules cite, by a short name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A document: how it is cited, with its date, and where it can be read."""

    citation: str
    url: str = ""
    is_primary: bool = False  # a file of CMS, a regulation, a statute, a payer's own page, our data


SOURCES: dict[str, Source] = {
    "rvu-2026": Source(
        "CMS PFS relative value file, July 2026 (released 2026-06-30)",
        "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        is_primary=True,
    ),
    "rvu-2025": Source(
        "CMS PFS relative value file, October 2025 (released 2025-09-11)",
        "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        is_primary=True,
    ),
    "pairs": Source(
        "CMS NCCI pair tables as loaded here; without one, the hospital table of July 2024",
        "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits",
        is_primary=True,
    ),
    "units-2024": Source("CMS NCCI unit limits of July 2024, the only quarter read", "", True),
    "stereotactic": Source(
        "Stereotactic delivery and management include guidance: HCPCS G0563, NCCI of July 2024",
        "https://hcpcs.codes/g-codes/G0563/",
    ),
    "opps-2026": Source(
        "CMS OPPS Addendum B, April 2026, in a public program's copy: 77387 has status N",
        "https://github.com/softek/CMS.HCPCS",
    ),
    "mue-2026": Source(
        "CMS practitioner MUE table, 2026 Q2",
        "https://www.cms.gov/files/zip/medicare-ncci-2026-q2-practitioner-services-mue-table.zip",
        is_primary=True,
    ),
    "mue-meaning": Source(
        "First Coast and NGS on MUE adjudication indicators (per day for 2 and 3)",
        "https://medicare.fcso.com/coding/"
        "medically-unlikely-edits-avoid-denials-and-appeals-properly-coding-first",
    ),
    "astro-2016": Source(
        "ASTRO, IGRT in 2016",
        "https://www.astro.org/Daily-Practice/Coding/Coding-Guidance/Coding-Guidance-Articles/"
        "IGRT-in-2016",
    ),
    "astro-2026": Source(
        "ASTRO, radiation oncology code changes in 2026 (winter 2026)",
        "https://www.astro.org/news-and-publications/astronews/2026/winter-astronews/society-news/"
        "major-radiation-oncology-code-changes-in-2026",
    ),
    "astro-denials": Source(
        "ASTRO payer resource centre on 2026 denials and modifier 26",
        "https://www.astro.org/advocacy/payer-resource-center/i-got-denied_downcoded",
    ),
    "astro-faq": Source(
        "ASTRO, frequently asked questions on IGRT: review before the next treatment",
        "https://www.astro.org/Daily-Practice/Coding/Coding-Guidance/"
        "Coding-FAQ-39;s-and-Tips/FAQ-IGRT",
    ),
    "uhc-policy": Source(
        "UnitedHealthcare fractionation, image guidance and special services, as abstracted 2026",
        "https://www.openpayer.com/policy-updates/unitedhealthcare/clinical-medical/"
        "radiation-oncology/unitedhealthcare-3eb0443f-916",
    ),
    "coding-alert": Source(
        "AAPC oncology coding alert on guidance, twice-daily treatment and modifiers",
        "https://aapc.com/codes/coding-newsletters/my-oncology-hematology-coding-alert/"
        "you-be-the-coder-modify-your-understanding-of-these-delivery-and-treatment-codes-"
        "177567-article",
    ),
    "teaching": Source(
        "CMS on teaching physicians (42 CFR 415.172): the statement, and GC on each service",
        "https://www.ecfr.gov/current/title-42/section-415.172",
    ),
    "notices": Source(
        "CMS MLN MM7228 on GZ, and contractors' notes on GA, GX, GY of 2024",
        "https://www.cms.gov/outreach-and-education/medicare-learning-network-mln/mlnmattersarticles",
    ),
    "letter": Source(
        "The payer's own decision in the record: the code, units and dates it approves. Medicare "
        "Advantage: 42 CFR 422.112(b)(8), for as long as medically necessary",
        "https://www.ecfr.gov/current/title-42/section-422.112",
    ),
    "uhc-component": Source(
        "UnitedHealthcare, professional and technical component policy, January 2026 bulletin",
        "https://www.uhcprovider.com/en/policies-protocols.html",
    ),
    "hcn-2026": Source(
        "Trade press on level 3 delivery and motion management, 2026",
        "https://hcn.health/?p=7717",
    ),
    "surface-guidance": Source(
        "OpenPayer on 77439: once per course, with the primary surface treatment (read 2026-11-27)",
        "https://www.openpayer.com/billing-codes/cpt-77439-ultrasound-guided-srt-field-placement",
    ),
    "filing": Source(
        "42 CFR 424.44 and CMS Pub 100-04 ch. 1 §70 for Medicare, counted by receipt; other "
        "payers' filing limits as kept in our policies",
        "https://www.ecfr.gov/current/title-42/section-424.44",
    ),
    "x12-rfi": Source(
        "X12 request for interpretation 2459: authorization numbers at claim and line",
        "https://x12.org/resources/requests-for-interpretation/"
        "rfi-2459authorization-numbers-found-2300-loop-v-2400-loop",
    ),
    "site": Source(
        "Payer programmes that authorize one place of treatment",
        "https://www.emblemhealth.com/providers/clinical-corner/um-and-medical-management/"
        "um-utilization-management-programs/radiology-related-programs",
    ),
    "field": Source("Field knowledge, not yet verified against a public source"),
    "ours": Source("Our own data: what is loaded here and what is not", "", is_primary=True),
}
