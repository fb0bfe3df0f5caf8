"""Takes a reader's feedback on an answer. Served only where recording is switched on."""

from __future__ import annotations

from fastapi import APIRouter, Response

from bot.web.recording import Feedback, Recorder


def feedback_routes(recorder: Recorder) -> APIRouter:
    """The route that takes feedback."""
    router = APIRouter()

    @router.post("/feedback", status_code=204)
    def take(given: Feedback) -> Response:
        """Keep it, with personal data masked."""
        recorder.feedback(given)
        return Response(status_code=204)

    return router
