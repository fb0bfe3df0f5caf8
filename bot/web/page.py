"""Our page around Gradio's: header, empty state, sources panel; scripts get the nonce of the response."""

from __future__ import annotations

import re
from functools import cache

from bot.web.templating import render

_SOCIAL = re.compile(r"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*>", re.DOTALL)
_SCRIPT = re.compile(r"<script(?=[\s>])")
_APP = "<gradio-app"


def dress(page: str, nonce: str) -> str:
    """Gradio's page with ours around it. Raises ValueError where Gradio's page is not of the form known here."""
    if _APP not in page or "</head>" not in page:
        raise ValueError("Gradio's page has changed its form; bot/web/page.py does not know where to put ours.")
    top, bottom, head = _parts()
    page = _SOCIAL.sub("", page)
    page = page.replace("</head>", head + "</head>", 1)
    page = page.replace(_APP, top + _APP, 1)
    before, after = page.rsplit("</body>", 1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', before + bottom + "</body>" + after)


@cache
def _parts() -> tuple[str, str, str]:
    return render("chat-top.html"), render("chat-bottom.html"), render("chat-head.html")
