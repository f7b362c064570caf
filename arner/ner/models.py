"""Which models there are, and how a model's name becomes a recogniser that is ready to read.

A model folder holds `config.json` (labels), `tokenizer.json`, and the weights as `model_int8.onnx` or `model.onnx`
(ONNX backend) or `model.safetensors` (torch backend). `arner.json` beside them is optional: name, version, licence,
temperature of the scores, tokens in a window.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arner.errors import ModelFormatError, ModelNotFoundError
from arner.ner.labels import LabelScheme

if TYPE_CHECKING:
    from arner.ner.backend import Backend
    from arner.ner.recognizer import Recognizer

__all__ = ["ModelInfo", "available_models", "find_folder", "load_recognizer"]

_ONNX_FILES: Final = ("model_int8.onnx", "model.onnx")
_WINDOW: Final = 256
_STRIDE: Final = 48


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """An embedded model, as `arner models` lists it."""

    name: str
    version: str
    path: Path
    labels: tuple[str, ...]
    size_bytes: int
    description: str
    licence: str


def embedded_folder() -> Path:
    """The folder of the embedded models: inside the installed package, or `models/` of the checkout."""
    packaged = Path(__file__).resolve().parent.parent / "_models"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "models"


def available_models() -> list[ModelInfo]:
    """The embedded models, by name."""
    found: list[ModelInfo] = []
    for folder in sorted(path.parent for path in embedded_folder().glob("*/arner.json")):
        about = _read_json(folder / "arner.json")
        found.append(
            ModelInfo(
                name=folder.name,
                version=str(about.get("version", "")),
                path=folder,
                labels=read_labels(folder / "config.json").types,
                size_bytes=sum((folder / file).stat().st_size for file in _ONNX_FILES if (folder / file).exists()),
                description=str(about.get("description", "")),
                licence=str(about.get("licence", "")),
            )
        )
    return found


def load_recognizer(
    model: str = "default",
    *,
    device: str = "auto",
    min_score: float = 0.0,
    threads: int = 0,
    is_name: Callable[[str], bool] | None = None,
) -> Recognizer:
    """A recogniser for a model.

    Args:
        model: name of an embedded model, a local folder, or a Hugging Face id (looked up only then).
        device: "auto", "cpu" or "cuda[:N]"; "auto" is the CPU for an ONNX model, and for torch a GPU if there is one.
        min_score: names that score below are left out, 0 to 1.
        threads: CPU threads for an ONNX model; 0 takes the cores that this process may use.
        is_name: whether a bare spelling (see `arner.text.name_key`) is a known name; helps to cut clitics.

    Raises:
        ModelNotFoundError: no such model; the message lists what there is.
        ModelFormatError: a file is missing or malformed.
        MissingExtraError: torch is needed and is not installed.
    """
    from arner.ner.recognizer import Recognizer

    folder = find_folder(model)
    if folder is not None:
        return _from_folder(folder, device, min_score, threads, is_name, Recognizer)
    return _from_hub(model, device, min_score, is_name, Recognizer)


def find_folder(model: str) -> Path | None:
    """The folder of an embedded or local model; None for what can only be a Hugging Face id.

    Raises:
        ModelNotFoundError: none of the three; the message lists what there is.
        ModelFormatError: the name is that of a file.
    """
    embedded = embedded_folder() / model
    named = "/" not in model and "\\" not in model and (embedded / "config.json").is_file()
    folder = embedded if named else Path(model).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise ModelFormatError(f"{model} is a file; name the folder that holds the model's files")
    if model.count("/") != 1 or model.startswith((".", "/", "~")):
        names = ", ".join(info.name for info in available_models()) or "none"
        raise ModelNotFoundError(
            f"no model {model!r}: it is not an embedded model ({names}), not a folder here, and not a Hugging Face id "
            "of the form owner/name"
        )
    return None


def _from_folder(
    folder: Path,
    device: str,
    min_score: float,
    threads: int,
    is_name: Callable[[str], bool] | None,
    build: type[Recognizer],
) -> Recognizer:
    from arner.ner.word_tokenizer import WordTokenizer

    scheme = read_labels(folder / "config.json")
    about = _read_json(folder / "arner.json") if (folder / "arner.json").exists() else {}
    tokenizer = WordTokenizer.from_file(folder / "tokenizer.json")
    onnx = next((folder / name for name in _ONNX_FILES if (folder / name).is_file()), None)
    backend: Backend
    if onnx is not None and not (device.startswith("cuda") and (folder / "model.safetensors").is_file()):
        from arner.ner.onnx import OnnxBackend

        backend = OnnxBackend(onnx, device="cpu" if device == "auto" else device, threads=threads)
    elif (folder / "model.safetensors").is_file():
        from arner.ner.torch import TorchBackend

        backend = TorchBackend(str(folder), device=device)
    else:
        unsafe = sorted(path.name for path in folder.glob("*.bin")) or sorted(path.name for path in folder.glob("*.pt"))
        hint = f" ({', '.join(unsafe)} is a pickle, which arner never opens; save it as safetensors)" if unsafe else ""
        raise ModelFormatError(f"{folder} holds neither {' nor '.join(_ONNX_FILES)} nor model.safetensors{hint}")
    version = str(about.get("version", "")).strip()
    return build(
        name=f"arner-{folder.name} {version}" if version else folder.name,
        scheme=scheme,
        tokenizer=tokenizer,
        backend=backend,
        limit=int(about.get("window", _WINDOW)),
        stride=int(about.get("stride", _STRIDE)),
        temperature=float(about.get("temperature", 1.0)),
        min_score=min_score,
        is_name=is_name,
    )


def _from_hub(
    model: str, device: str, min_score: float, is_name: Callable[[str], bool] | None, build: type[Recognizer]
) -> Recognizer:
    from arner.ner.torch import TorchBackend
    from arner.ner.word_tokenizer import WordTokenizer

    backend = TorchBackend(model, device=device)
    return build(
        name=model,
        scheme=LabelScheme(backend.labels),
        tokenizer=WordTokenizer.from_hub(model),
        backend=backend,
        limit=_WINDOW,
        stride=_STRIDE,
        temperature=1.0,
        min_score=min_score,
        is_name=is_name,
    )


def read_labels(path: Path) -> LabelScheme:
    """The label scheme in a transformers `config.json`.

    Raises:
        ModelFormatError: no such file, no JSON, or no `id2label` with consecutive indices from 0.
    """
    config = _read_json(path)
    names = config.get("id2label")
    if not isinstance(names, dict) or not names:
        raise ModelFormatError(f"{path}: no id2label; a token-classification model names its labels there")
    try:
        labels = [str(names[str(index)]) for index in range(len(names))]
    except KeyError as error:
        raise ModelFormatError(f"{path}: id2label has {len(names)} labels but none with index {error}") from error
    return LabelScheme(tuple(labels))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelFormatError(f"{path} is missing; it belongs to every model folder") from error
    except (OSError, ValueError) as error:
        raise ModelFormatError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelFormatError(f"{path}: expected a JSON object")
    return value
