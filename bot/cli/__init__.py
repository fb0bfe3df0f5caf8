"""The command line: `cupwise chat | ask | ingest | versions | publish | rollback | show | evaluate | …`."""

from __future__ import annotations

import os
import sys

from bot.errors import BotError
from ingest.errors import IngestError
from ingest.importing import uncollected


def main() -> None:
    """Run a command. Errors raised on purpose become one plain line and exit code 1."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with uncollected():
        from bot.cli.app import app

    try:
        app()
    except (BotError, IngestError) as error:
        print(f"cupwise: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        print("cupwise: stopped; nothing that was published is lost.", file=sys.stderr)
        raise SystemExit(130) from None
