"""The chat as Gradio blocks: components, and the events between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from bot.web.limits import Limits
from bot.web.session import Conversations, Turns, messages
from bot.web.words import load_words

THEME = gr.themes.Base(font="system-ui", font_mono="monospace")
"""System fonts only: nothing is loaded from another host."""

Shown = tuple[list[dict[str, str]], Turns]
"""Messages, and the conversation. All else that moves with them is the page's doing: an update of a component costs
Gradio more than an answer costs us."""

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_chat(conversations: Conversations, limits: Limits) -> gr.Blocks:
    """The chat's blocks. What goes wrong later is told in the conversation."""
    words = load_words()
    with gr.Blocks(title=words.title, analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        kept = gr.BrowserState([], storage_key="cupwise-conversation", secret="kept-by-choice")
        chat = _conversation()
        with gr.Column(elem_id="dock"):
            with gr.Row(elem_id="composer"):
                box = _question_box()
                send = gr.Button(words.send, elem_id="send", variant="primary", min_width=80, scale=0)
                stop = gr.Button(words.stop, elem_id="stop", min_width=80, scale=0)
            with gr.Row(elem_id="dock-notes"):
                gr.Markdown(words.footer, elem_id="standing-notice")
                keep = gr.Checkbox(False, label=words.keep, elem_id="keep", container=False, min_width=120)
        retry = gr.Button(words.retry, elem_id="retry", visible="hidden")
        restart = gr.Button(words.start_over, elem_id="restart", visible="hidden")
        store = gr.Button(words.keep, elem_id="store", visible="hidden")
        shown = [chat, turns]
        queued = {**_QUIET, "concurrency_id": "answers", "concurrency_limit": limits.at_once}

        def answer(question: str, so_far: Turns) -> Iterator[Shown]:
            yield from map(_shown, conversations.ask(question, so_far))

        def answer_again(so_far: Turns) -> Iterator[Shown]:
            yield from map(_shown, conversations.retry(so_far))

        def remember(so_far: Turns, wanted: bool) -> list[dict[str, Any]]:
            return conversations.keep(so_far) if wanted else []

        def recall(stored: object) -> tuple[Any, Any, Any]:
            so_far = conversations.restore(stored)
            if not so_far:  # on a slow machine a question may stand by now, and must not be taken back
                return gr.skip(), gr.skip(), gr.skip()
            return messages(so_far), so_far, True

        asked = gr.on([box.submit, send.click], answer, [box, turns], shown, **queued)
        again = retry.click(answer_again, [turns], shown, **queued)
        stopping = {**_QUIET, "cancels": [asked, again], "queue": False}
        stop.click(lambda so_far: _shown(conversations.stop(so_far)), [turns], shown, **stopping)
        restart.click(lambda: (*_shown(()), [], False), None, [*shown, kept, keep], **stopping)
        gr.on([keep.input, store.click], remember, [turns, keep], [kept], **_QUIET)
        blocks.load(recall, [kept], [chat, turns, keep], **_QUIET)
    return blocks


def _conversation() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        label=load_words().aria["conversation"],
        container=False,
        height=None,
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        line_breaks=False,
        sanitize_html=True,
        allow_tags=False,
        layout="panel",
        group_consecutive_messages=False,
    )


def _question_box() -> gr.Textbox:
    words = load_words()
    return gr.Textbox(
        elem_id="question",
        label=words.composer_label,
        placeholder=words.composer_placeholder,
        lines=1,
        max_lines=6,
        container=False,
        scale=1,
    )


def _shown(turns: Turns) -> Shown:
    return messages(turns), turns
