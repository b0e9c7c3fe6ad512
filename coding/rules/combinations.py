"""What guidance may stand beside on one day: deliveries that contain it, and those that need
asking.
"""

from __future__ import annotations

from coding.rules.book import Answer, Correction, Milder, Severity, rule
from coding.rules.common import (
    BRACHYTHERAPY,
    DISTINCT,
    INTRAOPERATIVE,
    PROTON,
    STEREOTACTIC,
    STEREOTACTIC_MANAGEMENT,
    SUPERFICIAL,
    SURFACE_GUIDANCE,
    has,
    same_day,
)
from coding.rules.facts import ChargeFacts
from coding.rules.pairs import (
    SPINAL_SURGERY,
    allows_distinct,
    basis,
    excluded_by,
    is_marked_distinct,
    pairing,
)

PLANNING = frozenset({"77301"})
CRANIAL_SURGERY = frozenset({"32701", "61796", "61798"})


@rule(
    "R18",
    "stereotactic-delivery-includes-guidance",
    "Guidance beside a stereotactic delivery that contains it",
    severity=Severity.STOP,
    confidence="B",
    source="stereotactic",
    likely_denial=("CO-97", "CO-236"),
)
def stereotactic_delivery_includes_guidance(facts: ChargeFacts) -> Answer:
    delivery = same_day(facts, STEREOTACTIC)
    if delivery is None:
        return None
    if not allows_distinct(facts, delivery):
        return f"{delivery} contains guidance: none is reported beside it, with no modifier."
    if is_marked_distinct(facts, delivery):
        return None
    return Milder(
        f"{facts.line.code} beside {delivery}: only a truly distinct service goes, with 59 or "
        f"an X ({basis(facts, delivery)}).",
        Severity.HOLD,
    )


@rule(
    "R19",
    "stereotactic-course",
    "Guidance beside stereotactic management that contains it",
    severity=Severity.STOP,
    confidence="B",
    source="stereotactic",
    likely_denial=("CO-97",),
)
def stereotactic_course(facts: ChargeFacts) -> Answer:
    is_stereotactic = facts.session.technique in ("SBRT", "SRS")
    if same_day(facts, STEREOTACTIC_MANAGEMENT) is None and not is_stereotactic:
        return None
    return "The management of a stereotactic course contains its guidance: not reported apart."


@rule(
    "R20",
    "planning-day",
    "Guidance on a planning day",
    severity=Severity.STOP,
    confidence="B",
    source="pairs",
    likely_denial=("CO-236",),
    is_provisional=True,
)
def planning_day(facts: ChargeFacts) -> Answer:
    code = excluded_by(facts, PLANNING)
    if code is None:
        return None
    return f"{code} stands on the same day, and no modifier helps ({basis(facts, code)})."


@rule(
    "R21",
    "cranial-surgery-day",
    "Guidance beside stereotactic surgery that contains it",
    severity=Severity.STOP,
    confidence="B",
    source="pairs",
    likely_denial=("CO-236",),
    is_provisional=True,
)
def cranial_surgery_day(facts: ChargeFacts) -> Answer:
    code = excluded_by(facts, CRANIAL_SURGERY)
    if code is None:
        return None
    return f"{code} stands on the same day, and no modifier helps ({basis(facts, code)})."


@rule(
    "R22",
    "spinal-surgery-day",
    "Guidance beside 63620 without being distinct",
    severity=Severity.HOLD,
    confidence="B",
    source="pairs",
    likely_denial=("CO-231",),
    is_provisional=True,
)
def spinal_surgery_day(facts: ChargeFacts) -> Answer:
    code = same_day(facts, SPINAL_SURGERY)
    if code is None or pairing(facts, code) or facts.pair_table or has(facts, *DISTINCT):
        return None
    return (
        f"{code} stands on the same day: only a truly distinct service goes, with 59 or an X "
        f"({basis(facts, code)})."
    )


@rule(
    "R23",
    "superficial-has-its-own-guidance",
    "Guidance beside superficial treatment, which has its own code",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-97",),
)
def superficial_has_its_own_guidance(facts: ChargeFacts) -> Answer:
    delivery = same_day(facts, SUPERFICIAL)
    if facts.line.code == SURFACE_GUIDANCE or delivery is None:
        return None
    if "ultrasound" not in facts.session.modalities:
        return (
            f"Guidance beside {delivery} is 77439, which is placement by ultrasound, and no "
            "ultrasound was taken: nothing is billed for this image."
        )
    sentence = f"Beside {delivery} ultrasound placement is 77439, once for the course, not 77387."
    note = "It needs the delivery beside it, and a line of its own in the authorization."
    return sentence, Correction(code=SURFACE_GUIDANCE, note=note)


@rule(
    "R24",
    "intraoperative-or-brachytherapy",
    "Guidance beside intraoperative treatment or brachytherapy",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-97",),
)
def intraoperative_or_brachytherapy(facts: ChargeFacts) -> Answer:
    delivery = same_day(facts, INTRAOPERATIVE | BRACHYTHERAPY)
    if delivery is None:
        return None
    return f"Guidance is not usually reported beside {delivery}: a coder decides."


@rule(
    "R25",
    "proton",
    "Guidance with protons and no decision of the payer",
    severity=Severity.HOLD,
    confidence="D",
    source="uhc-policy",
    likely_denial=("CO-97",),
)
def proton(facts: ChargeFacts) -> Answer:
    delivery = same_day(facts, PROTON)
    policy = facts.payer.proton_guidance
    if delivery is None or policy == "billable" or facts.payer.doubt_about("proton_guidance"):
        return None
    if policy == "not_billable":
        return f"This payer does not pay guidance beside {delivery}."
    return (
        f"No policy of this payer on guidance beside {delivery} is on file. The physician's part "
        "goes with any delivery; whether the equipment's part is inside protons is unsettled."
    )
