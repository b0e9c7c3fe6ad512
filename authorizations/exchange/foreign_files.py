"""What a file is that came to the wrong place, and where it belongs."""

from __future__ import annotations

import io
import re
import zipfile

from authorizations.exchange.file_kinds import kind_of_file
from authorizations.exchange.refusals import FileRefused

HEAD = 4096  # bytes that tell what a file is
DOCUMENT = (
    "It is a document: attach it on the page of its request, under Documents. Nothing of it was "
    "taken here."
)
BILLER = "It belongs to the billing system. Nothing of it was taken here."
X12 = {
    "835": "a remittance (payments and denials of claims)",
    "837": "a file of claims",
    "999": "an acknowledgement of claims",
    "997": "an acknowledgement",
    "277": "an answer about the status of claims",
    "276": "a question about the status of claims",
    "271": "an answer about eligibility",
    "270": "a question about eligibility",
    "278": "an authorization request or its answer",
}
TRANSACTION = re.compile(rb"[^0-9A-Za-z]\s*ST[^0-9A-Za-z](\d{3})[^0-9A-Za-z]")
RESOURCE = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,40})"')
FHIR_XML = b"http://hl7.org/fhir"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARK = b"\xef\xbb\xbf"


def refuse_foreign(content: bytes) -> None:
    """Raise FileRefused with what the file is, where it is none that any import here reads."""
    sentence = what_it_is(content)
    if sentence:
        raise FileRefused(sentence)


def what_it_is(content: bytes) -> str:
    """A sentence about the file and its place; empty for text that may be a table."""
    head = content[:HEAD].removeprefix(MARK).lstrip()
    kind = kind_of_file(head)
    if kind:
        name = "PDF" if kind == "application/pdf" else "picture"
        return f"This is a {name}. {DOCUMENT}"
    if content.startswith(OLE):
        return (
            "This is an Excel or Word file of the format before 2007. Open it and save the sheet "
            "as xlsx or CSV; attach a letter on the page of its request."
        )
    if content.startswith(b"PK\x03\x04"):
        return what_zip_is(content)
    return what_text_is(head, content)


def what_text_is(head: bytes, content: bytes) -> str:
    """The same for files that begin as text."""
    if head.startswith(b"ISA") and len(head) > 3 and not head[3:4].isalnum():
        return what_x12_is(content)
    if head.startswith((b"{", b"[")):
        found = RESOURCE.search(content[: HEAD * 16])
        if found:
            return f"This is a FHIR resource ({found[1].decode()}). FHIR is not read here. {BILLER}"
        return "This is JSON, which is not read here. Export a table as CSV or xlsx."
    if head.startswith(b"{\\rtf"):
        return f"This is a text document (RTF). {DOCUMENT}"
    if head.startswith(b"<"):
        return what_markup_is(head)
    if content[128:132] == b"DICM":
        return "This is a DICOM file, which is not read here. Export treatments as CSV or HL7."
    return ""


def what_markup_is(head: bytes) -> str:
    if FHIR_XML in head:
        return f"This is a FHIR resource in XML. FHIR is not read here. {BILLER}"
    if b"<html" in head.lower():
        return (
            "This is a web page, even if its name ends in xls. Open it in Excel and save it as "
            "xlsx or CSV."
        )
    return "This is XML, which is not read here. Export a table as CSV or xlsx."


def what_x12_is(content: bytes) -> str:
    """Which transaction an X12 file holds."""
    found = TRANSACTION.search(content[: HEAD * 4])
    number = found[1].decode() if found else ""
    meaning = X12.get(number)
    if number == "278":
        return (
            "This is X12 278, an authorization request or its answer. It is not read here: write "
            "the payer's answer down on the page of its request."
        )
    named = f"X12 {number}, {meaning}" if meaning else f"X12 {number}".strip()
    return f"This is {named}. {BILLER}"


def what_zip_is(content: bytes) -> str:
    """What a zip holds; empty for a workbook, which the pages for sheets read."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return ""
    if "word/document.xml" in names:
        return f"This is a Word document. {DOCUMENT}"
    if any(name.startswith("ppt/") for name in names):
        return f"This is a PowerPoint file. {DOCUMENT}"
    if "content.xml" in names:
        return "This is an OpenDocument file. Save the sheet as xlsx or CSV."
    if "xl/workbook.bin" in names:
        return "This is a binary workbook (xlsb). Save it as xlsx or CSV."
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        return ""
    return "This is a zip of other files. Unpack it and send the files themselves."
