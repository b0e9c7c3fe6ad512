"""One row of a treatment file, as it should be."""

from __future__ import annotations

ROW = (
    "R1,MAIN,TB1,2026-10-05,09:00,09:15,M1,K1,1,1,yes,77407,cbct,08:56,1.0,-2.0,0.0,,,,Zoë Ray,,,\n"
)
