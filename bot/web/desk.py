"""The curator's desk: uploaded files, the preview of what they would change, and their publication."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from bot.preview import BuildReport, run_build
from bot.web.words import load_words
from ingest.errors import IngestError
from ingest.progress import Silent
from ingest.publishing import rollback
from ingest.reading import SUFFIXES, slug
from ingest.settings import Settings
from ingest.versions import Versions

_log = logging.getLogger(__name__)
_MOST_FILES = 50


class UploadError(Exception):
    """A file is not taken; the message says why, for the curator."""


@dataclass(frozen=True)
class State:
    """What the desk is doing ("" for nothing), the last report, and the last fault in plain words."""

    doing: str = ""
    report: BuildReport | None = None
    fault: str = ""
    said: str = ""

    @property
    def publishable(self) -> bool:
        """A preview without failures stands, and would change something."""
        report = self.report
        return bool(report and report.version and not report.published and not report.failures and not self.doing)


class Desk:
    """One desk for all curators: whoever is logged in sees the same files and the same preview."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data / "uploads"
        self._lock = Lock()
        self.state = State()

    def files(self) -> list[str]:
        """Names of the files on the desk."""
        return sorted(path.name for path in self._paths())

    def put(self, name: str, data: bytes) -> str:
        """Lay a file on the desk, under a safe name. Raises UploadError for a wrong type, size or number."""
        self._refuse_while_busy()
        safe = safe_name(name)
        most = int(self._settings.max_document_mb * 1_000_000)
        if len(data) > most:
            raise UploadError(f"{name}: larger than {self._settings.max_document_mb:g} MB.")
        if not data.strip():
            raise UploadError(f"{name}: the file is empty.")
        if len(self._paths()) >= _MOST_FILES:
            raise UploadError(f"There are {_MOST_FILES} files on the desk already. Publish or clear them first.")
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / safe).write_bytes(data)
        self.state = State()
        return safe

    def clear(self) -> None:
        """Take everything off the desk. Raises UploadError while a job is under way."""
        self._refuse_while_busy()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.state = State()

    def preview(self) -> bool:
        """Build beside the current version and compare answers, in the background. False where the desk is busy."""
        return self._begin("preview", lambda: run_build(self._settings, self._paths(), Silent(), preview=True))

    def publish(self) -> bool:
        """Put the previewed files into the corpus folder and publish, in the background. False where it can't be."""
        return self.state.publishable and self._begin("publish", self._publish)

    def go_back(self, version: str) -> None:
        """Publish an earlier version again. Raises VersionError or LockedError."""
        versions = Versions(self._settings.data)
        with versions.writing():
            rollback(versions, version)
        self.state = State(said=load_words().curator["went_back"].format(version=version))

    def _refuse_while_busy(self) -> None:
        if self.state.doing:
            raise UploadError(load_words().curator["busy"])

    def _publish(self) -> BuildReport:
        placed = place(self._paths(), self._settings.corpus)
        report = run_build(self._settings, placed, Silent(), preview=False)
        shutil.rmtree(self._folder, ignore_errors=True)
        return report

    def _begin(self, doing: str, job: Callable[[], BuildReport]) -> bool:
        with self._lock:
            if self.state.doing or not self._paths():
                return False
            self.state = State(doing=doing)
        Thread(target=self._do, args=(job,), daemon=True, name=f"curator-{doing}").start()
        return True

    def _do(self, job: Callable[[], BuildReport]) -> None:
        try:
            self.state = State(report=job())
        except IngestError as error:
            self.state = State(fault=str(error))
        except Exception:  # the curator is told; the log has the trace
            _log.exception("The curator's job failed.")
            self.state = State(fault=load_words().errors["job_failed"])

    def _paths(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []


def safe_name(name: str) -> str:
    """A file name of plain characters, in one of the formats that are read. Raises UploadError for another format."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    suffix = Path(bare).suffix.lower()
    if suffix not in SUFFIXES:
        raise UploadError(f"{bare or name}: this format is not read. Use one of {', '.join(sorted(SUFFIXES))}.")
    return slug(Path(bare).stem) + suffix


def place(files: Sequence[Path], corpus: Path) -> list[Path]:
    """Copy files into the corpus folder, each at once whole; their new paths."""
    placed = []
    for file in files:
        target = corpus / file.name
        beside = corpus / f".{file.name}.new"
        shutil.copyfile(file, beside)
        beside.replace(target)
        placed.append(target)
    return placed
