"""The web application: the chat, the reader and the endpoints, behind one shield."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported
import gradio as gr  # noqa: E402

from bot.web.chat import THEME, build_chat  # noqa: E402
from bot.web.interfaces import Answers, add_interfaces  # noqa: E402
from bot.web.limits import Gate, Limits  # noqa: E402
from bot.web.page import dress  # noqa: E402
from bot.web.reader import reader_routes  # noqa: E402
from bot.web.session import Conversations, Streams  # noqa: E402
from bot.web.shelves import Shelves  # noqa: E402
from bot.web.shield import Shield  # noqa: E402
from ingest.settings import Settings  # noqa: E402
from ingest.versions import Versions  # noqa: E402

class ServedPipeline(Streams, Answers, Protocol):
    """What the web needs of the pipeline."""


_HERE = Path(__file__).parent
_MEGABYTE = 1_000_000


def create_app(pipeline: ServedPipeline, settings: Settings, limits: Limits | None = None, mcp: bool = False) -> FastAPI:
    """The whole web application as an ASGI app. `mcp` adds an MCP server at /gradio_api/mcp/."""
    limits = limits or Limits()
    shelves = Shelves(Versions(settings.data))
    app = FastAPI(title="Cupwise", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/site", StaticFiles(directory=_HERE / "static"), name="site")
    app.include_router(reader_routes(shelves))
    blocks = build_blocks(pipeline, settings, limits, shelves)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=THEME,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size="1kb",
        pwa=False,
        mcp_server=mcp,
    )
    app.add_middleware(
        Shield,
        gate=Gate(limits.questions_per_minute, limits.burst),
        dress=dress,
        body_bytes=limits.body_bytes,
        uploads=int(settings.max_document_mb * _MEGABYTE) + limits.body_bytes,
    )
    return app


def build_blocks(pipeline: ServedPipeline, settings: Settings, limits: Limits, shelves: Shelves) -> gr.Blocks:
    """The chat's blocks with the endpoints in them, and a bounded queue."""
    conversations = Conversations(pipeline, shelves.excerpt, settings.max_question_chars, limits.turns)
    blocks = build_chat(conversations, limits)
    with blocks:
        add_interfaces(pipeline, settings.max_question_chars, limits)
    return blocks.queue(max_size=limits.waiting, default_concurrency_limit=limits.at_once)


def serve(
    pipeline: ServedPipeline,
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 7860,
    mcp: bool = False,
    limits: Limits | None = None,
) -> None:
    """Serve until interrupted."""
    config = uvicorn.Config(
        create_app(pipeline, settings, limits, mcp), host=host, port=port, log_level="warning", server_header=False
    )
    uvicorn.Server(config).run()
