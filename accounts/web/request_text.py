"""What no page has to expect of a request: characters no column holds, encodings nobody uses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render

from accounts.readers import CONTROL, without_control_characters
from accounts.web.middleware import Handler

UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
LINES = str.maketrans("", "", "\n\r\t")


def readable_requests(get_response: Handler) -> Handler:
    """Refuse an address with control characters; take them out of forms and cookies.

    An address is followed, not typed: to read it without them could show more than was asked for.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not has_readable_address(request):
            return refusal(request)
        drop_unreadable_cookies(request)
        try:
            clean_form(request)
        except UnreadablePostError:  # the sender went away in the middle
            return refusal(request)
        return get_response(request)

    return handle


def refusal(request: HttpRequest) -> HttpResponse:
    """The page that says what was wrong with the request."""
    return render(None, "400.html", status=400)  # type: ignore[arg-type]


def has_readable_address(request: HttpRequest) -> bool:
    """Whether the path and its parameters are text in UTF-8, without control characters."""
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if charset.lower() not in UTF8:
        return False
    return not is_unreadable(request.path_info) and not any(map(is_unreadable, words(request.GET)))


def is_unreadable(text: str) -> bool:
    """Whether a text holds a character that nobody types and no column holds."""
    return CONTROL.search(text.translate(LINES)) is not None


def words(data: QueryDict) -> list[str]:
    """Every name and value of a form or an address."""
    return [word for name, values in data.lists() for word in (name, *values)]


def drop_unreadable_cookies(request: HttpRequest) -> None:
    for name in [n for n, value in request.COOKIES.items() if is_unreadable(n + value)]:
        del request.COOKIES[name]


def clean_form(request: HttpRequest) -> None:
    """What was typed or pasted, without the characters that no column holds."""
    if request.method != "POST" or not any(map(is_unreadable, words(request.POST))):
        return
    cleaned = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        plain = [without_control_characters(value) for value in values]
        cleaned.setlist(without_control_characters(name), plain)
    cleaned._mutable = False
    request.POST = cleaned  # type: ignore[assignment]
