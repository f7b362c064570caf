"""Which models there are, and how a model's name becomes a recogniser that is ready to read.

A model folder holds `config.json` (labels), `tokenizer.json`, and the weights as `model_int8.onnx` or `model.onnx`
(ONNX backend) or `model.safetensors` (torch backend). `arner.json` beside them is optional: name, version, licence,
temperature of the scores, tokens in a window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from arner.errors import ModelFormatError, ModelNotFoundError
from arner.ner.labels import LabelScheme
from arner.ner.model_folder import About, json_of, labels_of, own_file, read_about, read_labels

if TYPE_CHECKING:
    from arner.ner.backend import Backend
    from arner.ner.recognizer import Recognizer

__all__ = ["ModelInfo", "available_models", "find_folder", "load_recognizer"]

_ONNX_FILES: Final = ("model_int8.onnx", "model.onnx")
_PICKLES: Final = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt")


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
        about = read_about(folder)
        found.append(
            ModelInfo(
                name=folder.name,
                version=about.version,
                path=folder,
                labels=read_labels(folder / "config.json").types,
                size_bytes=sum((folder / file).stat().st_size for file in _ONNX_FILES if (folder / file).exists()),
                description=about.description,
                licence=about.licence,
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
        model: name of an embedded model, a local folder, or a Hugging Face id (looked up only then), ``owner/name`` or
            ``owner/name@revision``.
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
    from arner.ner.backend import check_backend
    from arner.ner.word_tokenizer import WordTokenizer

    config_path = own_file(folder, "config.json") or folder / "config.json"
    config = json_of(config_path)
    scheme = labels_of(config, config_path)
    about = read_about(folder)
    _check_code_and_length(config, config_path, about)
    tokenizer = WordTokenizer.from_file(own_file(folder, "tokenizer.json") or folder / "tokenizer.json")
    onnx = next((path for name in _ONNX_FILES if (path := own_file(folder, name)) is not None), None)
    weights = own_file(folder, "model.safetensors")
    backend: Backend
    if onnx is not None and not (device.startswith("cuda") and weights is not None):
        from arner.ner.onnx import OnnxBackend

        backend = OnnxBackend(onnx, device="cpu" if device == "auto" else device, threads=threads)
    elif weights is not None:
        from arner.ner.torch import TorchBackend

        backend = TorchBackend(str(folder), device=device)
    else:
        raise ModelFormatError(
            f"{folder} holds neither {' nor '.join(_ONNX_FILES)} nor model.safetensors{_pickles(folder)}"
        )
    check_backend(backend, tokenizer, scheme, str(folder))
    return build(
        name=f"arner-{folder.name} {about.version}" if about.version else folder.name,
        scheme=scheme,
        tokenizer=tokenizer,
        backend=backend,
        limit=about.window,
        stride=about.stride,
        temperature=about.temperature,
        min_score=min_score,
        is_name=is_name,
    )


def _check_code_and_length(config: Mapping[str, object], path: Path, about: About) -> None:
    if "auto_map" in config:
        raise ModelFormatError(
            f"{path} asks for Python code that comes with the model (auto_map), which arner never runs; "
            "where model.onnx is the whole model, take auto_map out"
        )
    positions = config.get("max_position_embeddings")
    if type(positions) is int and about.window > positions:
        raise ModelFormatError(
            f"{path.parent}: a window of {about.window} tokens is more than the model can read, {positions} "
            "(max_position_embeddings); set a smaller window in arner.json"
        )


def _pickles(folder: Path) -> str:
    found = sorted(path.name for ending in _PICKLES for path in folder.glob("*" + ending))
    return f" ({', '.join(found)} is a pickle, which arner never opens; save it as safetensors)" if found else ""


def _from_hub(
    model: str, device: str, min_score: float, is_name: Callable[[str], bool] | None, build: type[Recognizer]
) -> Recognizer:
    from arner.ner.backend import check_backend
    from arner.ner.torch import TorchBackend
    from arner.ner.word_tokenizer import WordTokenizer

    backend = TorchBackend(model, device=device)
    scheme, tokenizer, usual = LabelScheme(backend.labels), WordTokenizer.from_hub(model), About()
    check_backend(backend, tokenizer, scheme, model)
    return build(
        name=model,
        scheme=scheme,
        tokenizer=tokenizer,
        backend=backend,
        limit=usual.window,
        stride=usual.stride,
        temperature=usual.temperature,
        min_score=min_score,
        is_name=is_name,
    )
