"""The cells of a treatment line: codes, names, shifts, times – read strictly or refused."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache

from accounts.readers import Unreadable, read_decimal, read_moment, shown_text
from authorizations.exchange.row_reader import (
    CACHED,
    Line,
    RowRefused,
    label,
    parse_choice,
    parse_measure,
    parse_moment,
    parse_time,
    required,
    stands_for_nothing,
)
from coding.rules.modalities import MODALITIES

CODE = re.compile(r"[0-9A-Z]{5}", re.ASCII)
LARGEST_SHIFT_MM = 50
LARGEST_ROTATION_DEGREES = 10
CHANGED = "changed_at"
NPI = re.compile(r"[0-9]{10}", re.ASCII)
SEPARATOR = re.compile(r"\s*[+;,&]\s*")
WORDS_OF_MODALITIES = {
    "cbct": "kv cbct,mv cbct,cone beam,cone beam ct,conebeam,xvi,cb ct",
    "kv_pair": (
        "kv pair,kv kv,2d kv,2d 2d kv,2d 2d,kv orthogonal pair,orthogonal kv,kv ortho,"
        "orthogonal kv pair,kv planar"
    ),
    "kv_mv_pair": "kv mv,mv kv,kv mv pair,mv kv pair,mv mv pair",
    "stereoscopic_xray": "exactrac,exac trac,exactrac dynamic,stereoscopic x ray,stereo x ray",
    "mvct": "tomo mvct,mv ct,helical mvct",
    "ct_on_rails": "ct on rails,ctor",
    "surface": "sgrt,alignrt,align rt,surface guidance,catalyst,identify sgrt",
    "transponder": "calypso,raypilot,beacons",
    "mr": "mri,mr linac,mrgrt",
    "ultrasound": "us,clarity",
    "port_film": "port,mv port,portal,portal image,port image",
    "fiducial_kv": "fiducial,fiducials,kv fiducials,fiducial kv",
    "skin_marks": "tattoos,skin marks",
    "light_field": "light field",
}
MODALITY_WORDS = {
    word: ours for ours, words in WORDS_OF_MODALITIES.items() for word in words.split(",")
}
PART = re.compile(r"\.(\d{1,6})", re.ASCII)  # of a second


def parse_code(line: Line) -> str:
    """The code of the treatment delivery, without modifiers."""
    code = required(line, "delivery_code", "blank_delivery_code").upper()
    if CODE.fullmatch(code) is None:
        sentence = (
            f"Delivery code “{shown_text(code)}” is not a code of five characters. Leave out the "
            "modifier."
        )
        raise RowRefused("bad_delivery_code", sentence)
    return code


def parse_name(line: Line, column: str) -> str:
    """The name of a person; nothing where the cell says that there is none."""
    name = line.text(column)
    if stands_for_nothing(name):
        return ""
    if not any(c.isalpha() for c in name):
        sentence = f"{label(column)} “{shown_text(name)}” is not a name."
        raise RowRefused("bad_name", sentence)
    return name


def parse_npi(line: Line, column: str) -> str:
    """The ten digits of a provider's number, also where a spreadsheet wrote them as a number."""
    text = line.text(column)
    if stands_for_nothing(text):
        return ""
    npi = text.removesuffix(".0")
    if not NPI.fullmatch(npi):
        sentence = f"{label(column)} “{shown_text(text)}” is not an NPI, which has ten digits."
        raise RowRefused("bad_npi", sentence)
    return npi


@lru_cache(CACHED)
def parse_modalities(text: str) -> tuple[str, ...]:
    """Modalities joined by a plus sign, each known; none at all when the cell is empty."""
    names = SEPARATOR.split(text) if text and not stands_for_nothing(text) else ()
    known = tuple(MODALITIES)
    ours = (MODALITY_WORDS.get(normal_word(name), name.strip()) for name in names)
    found = (parse_choice(name, "image_modality", known, "bad_modality") for name in ours)
    return tuple(dict.fromkeys(found))


def normal_word(text: str) -> str:
    """A word as it is compared: without case, hyphens and doubled spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def shift(line: Line, column: str) -> Decimal | None:
    text = line.text(column)
    kinds = ("bad_shift", "huge_shift")
    return parse_measure(text, column, "mm", LARGEST_SHIFT_MM, kinds) if text else None


def rotation(line: Line, column: str) -> Decimal | None:
    """An angle about zero; 359.8 counts clockwise, as IEC 61217 does, and is -0.2."""
    text, limit = line.text(column), LARGEST_ROTATION_DEGREES
    kinds = ("bad_rotation", "huge_rotation")
    if not text:
        return None
    return parse_measure(about_zero(text, limit), column, "degrees", limit, kinds)


def about_zero(text: str, limit: int) -> str:
    """An angle of 350 to 360 degrees as one below zero, to a tenth; any other text as it is."""
    try:
        value = read_decimal(text)
    except Unreadable:
        return text
    if 360 - limit <= value <= 360:
        value -= 360
    return to_a_tenth(value) if abs(value) <= limit else text


def to_a_tenth(value: Decimal) -> str:
    """A tenth of a millimetre or degree: systems write more decimals than they measure."""
    return f"{round(value, 1).normalize():f}"


def optional_time(line: Line, column: str) -> time | None:
    text = line.text(column)
    return parse_time(text, column) if text else None


def optional_moment(line: Line, column: str) -> datetime | None:
    text = line.text(column)
    return parse_moment(text, column) if text else None


def optional_stamp(line: Line) -> datetime | None:
    """When the record was last changed, where the export says so."""
    text = line.optional(CHANGED)
    if not text:
        return None
    try:
        moment = read_moment(text)
    except Unreadable as error:
        sentence = (
            f"Changed at “{shown_text(text)}” is not a moment. Write it as 2026-11-20 17:40:05."
        )
        raise RowRefused("bad_time", sentence) from error
    part = PART.search(text)
    return moment.replace(microsecond=int(f"{part[1]:0<6}")) if part else moment
