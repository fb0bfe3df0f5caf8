"""The web application: the chat, the reader and the endpoints, behind one shield."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.web.chat import THEME, build_chat
from bot.web.curator import curator_routes
from bot.web.desk import Desk
from bot.web.feedback import feedback_routes
from bot.web.interfaces import add_interfaces
from bot.web.limits import Gate, Limits
from bot.web.listening import announcement, bind
from bot.web.login import Login
from bot.web.page import dress
from bot.web.reader import reader_routes
from bot.web.recall import Recall
from bot.web.recording import Recorder
from bot.web.session import Conversations
from bot.web.sharing import ServedPipeline, SharedPipeline, compute_on_one_thread_each, keep_few_heaps
from bot.web.shelves import Shelves
from bot.web.shield import Shield
from bot.web.tools import Tools
from ingest.settings import Settings
from ingest.versions import Versions

_STATIC = Path(__file__).parent / "static"
_MEGABYTE = 1_000_000
_PLACES_TOLD_S = 5


def create_app(
    pipeline: ServedPipeline, settings: Settings, limits: Limits | None = None, mcp: bool = False
) -> FastAPI:
    """The whole web application as an ASGI app. `mcp` adds an MCP server at /gradio_api/mcp/."""
    limits = limits or Limits.of(settings)
    versions = Versions(settings.data)
    shelves = Shelves(versions)
    shared = SharedPipeline(pipeline, versions.stamp, limits.computing, Recall(limits.remembered))
    tools = Tools(shared, settings.max_question_chars) if mcp else None
    lifespan = tools.running if tools else None
    app = FastAPI(title="Cupwise", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.mount("/site", StaticFiles(directory=_STATIC), name="site")
    app.include_router(reader_routes(shelves))
    recorder = Recorder(settings.data) if settings.record_feedback else None
    if recorder:
        app.include_router(feedback_routes(recorder))
    if settings.curator_password:
        app.include_router(curator_routes(settings, Login(settings.curator_password), Desk(settings), recorder))
    if tools:
        app.router.routes.extend(tools.routes())
    _mount_chat(app, build_blocks(shared, settings, limits, shelves, recorder))
    app.add_middleware(
        Shield,
        gate=Gate(limits.questions_per_minute, limits.burst),
        dress=dress,
        body_bytes=limits.body_bytes,
        uploads=int(settings.max_document_mb * _MEGABYTE) + limits.body_bytes,
    )
    return app


def serve(
    pipeline: ServedPipeline,
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 7860,
    mcp: bool = False,
    limits: Limits | None = None,
) -> None:
    """Serve until interrupted. The next free port is taken where `port` is in use; 0 takes any.

    Raises OSError where no port is free or the host is not one of this machine's.
    """
    keep_few_heaps()
    compute_on_one_thread_each()
    taken = bind(host, port)
    address = f"http://{'[' + host + ']' if ':' in host else host}:{taken.getsockname()[1]}"
    for line in announcement(address, host, settings, mcp):
        print(line, flush=True)
    config = uvicorn.Config(
        create_app(pipeline, settings, limits, mcp), log_level="warning", server_header=False, timeout_keep_alive=30
    )
    uvicorn.Server(config).run(sockets=[taken])


def build_blocks(
    pipeline: ServedPipeline, settings: Settings, limits: Limits, shelves: Shelves, recorder: Recorder | None = None
) -> gr.Blocks:
    """The chat's blocks with the endpoints in them, and a bounded queue."""
    conversations = Conversations(pipeline, shelves.excerpt, settings.max_question_chars, limits.turns, recorder)
    blocks = build_chat(conversations, limits)
    with blocks:
        add_interfaces(pipeline, settings.max_question_chars, limits)
    blocks.state_session_capacity = limits.sessions  # Gradio keeps a copy of its layout for each, those of programs too
    # Not open: a question that does not wait in the queue is refused. The place in the queue, which the page does not
    # show, is told everybody who waits each few seconds, and not each time that anybody moves up.
    return blocks.queue(_PLACES_TOLD_S, False, limits.waiting, default_concurrency_limit=limits.at_once)


def _mount_chat(app: FastAPI, blocks: gr.Blocks) -> None:
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
        mcp_server=False,
    )
