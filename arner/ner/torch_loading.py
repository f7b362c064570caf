"""A transformers token-classification model from safetensors: never a pickle, never code of the model's own.

A local folder is checked before transformers sees it, since a `config.json` can ask for much: for Python code of the
model (`auto_map`), for a kernel or a base model from the network, for any amount of memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from arner.errors import MissingExtraError, ModelFormatError, ModelNotFoundError
from arner.ner.hub import load_from_hub
from arner.ner.model_folder import json_of, labels_of, own_file

__all__ = ["load_token_classifier"]

_ATTENTION: Final = (None, "eager", "sdpa", "flash_attention_2", "flash_attention_3", "flex_attention")
_LARGEST: Final = 10**8
"""Of the whole numbers in a configuration: sizes are far below."""
_MOST_POSITIONS: Final = 200_000
_MOST_LAYERS: Final = 1000
_MOST_LABELS: Final = 1000
_DEEPEST: Final = 20
_SPARE: Final = 20_000_000
"""Parameters that a model may have beyond those in its file: a head that is not trained yet."""


def load_token_classifier(source: str, *, attention: str | None = None) -> tuple[Any, list[str]]:
    """The model on the CPU, and the names of the parameters that its files lack.

    Args:
        source: a local folder with `model.safetensors`, or a Hugging Face id, ``owner/name`` or
            ``owner/name@revision``.
        attention: the implementation of attention, as transformers names it; by default that which it chooses.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        ModelNotFoundError: no such model on the hub or in its cache.
        ModelFormatError: it is no token-classification model in safetensors, or is not safe to load.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtraError(f"Running {source!r} with torch", "train") from error
    local = Path(source).is_dir()
    options: dict[str, Any] = {} if attention is None else {"attn_implementation": attention}
    try:
        if local:
            _check_folder(Path(source), torch, transformers)
            options["local_files_only"] = True
        else:
            raw, _ = load_from_hub(transformers.PretrainedConfig.get_config_dict, source)
            _check_config(raw, source)
        load = transformers.AutoModelForTokenClassification.from_pretrained
        options |= {"use_safetensors": True, "trust_remote_code": False, "output_loading_info": True}
        loaded: Any = load(source, **options) if local else load_from_hub(load, source, **options)
    except (ModelFormatError, MissingExtraError):
        raise
    except Exception as error:  # transformers, safetensors and torch share no base class
        unsafe = "safetensors" in str(error) or "pytorch_model.bin" in str(error)
        if isinstance(error, OSError) and unsafe and not local:
            raise ModelFormatError(f"{source!r} has no safetensors weights, and arner opens no others") from error
        missing = isinstance(error, OSError) and not local
        raise (ModelNotFoundError if missing else ModelFormatError)(
            f"transformers cannot load {source!r} as a token-classification model: {error}"
        ) from error
    model, report = loaded
    return model, sorted(report["missing_keys"])


def _check_folder(folder: Path, torch: Any, transformers: Any) -> None:
    """Refuses what a stranger's folder could do harm with.

    Raises:
        ModelFormatError: says what and why.
    """
    if own_file(folder, "adapter_config.json") is not None:
        raise ModelFormatError(
            f"{folder} holds an adapter (adapter_config.json), which names its base model elsewhere; merge the two and "
            "save the whole model"
        )
    path = own_file(folder, "config.json") or folder / "config.json"
    config = json_of(path)
    _check_config(config, str(path))
    if "id2label" in config:  # an encoder that is yet to be trained names no labels
        labels = labels_of(config, path).labels
        if config.get("num_labels", len(labels)) != len(labels):
            raise ModelFormatError(f"{path}: num_labels is not the number of labels in id2label, {len(labels)}")
    elif config.get("num_labels", 2) not in range(1, _MOST_LABELS + 1):
        raise ModelFormatError(f"{path}: num_labels must be a whole number from 1 to {_MOST_LABELS}")
    weights = own_file(folder, "model.safetensors")
    if weights is None:
        raise ModelFormatError(f"{folder} has no model.safetensors")
    shapes = _shapes(weights)
    tensors, elements = len(shapes), sum(map(math.prod, shapes.values()))
    for key, value in _numbers(config):
        if "layer" in key and "eps" not in key and value > min(_MOST_LAYERS, tensors):
            raise ModelFormatError(f"{path}: {key} is {value}, but {weights.name} holds {tensors} tensors in all")
    made = transformers.AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    with torch.device("meta"):
        planned = transformers.AutoModelForTokenClassification.from_config(made, trust_remote_code=False)
    size = sum(parameter.numel() for parameter in planned.parameters())
    if size > elements + _SPARE:
        raise ModelFormatError(
            f"{path} asks for {size:,} parameters, but {weights.name} holds {elements:,}; "
            "one of them is of another model"
        )

    for name, tensor in planned.state_dict().items():
        if name in shapes and tuple(tensor.shape) != shapes[name]:
            raise ModelFormatError(
                f"{path} asks for {name} of the shape {tuple(tensor.shape)}, but {weights.name} holds it in "
                f"{shapes[name]}; one of them is of another model"
            )


def _shapes(weights: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a safetensors file; only its header is read."""
    from safetensors import safe_open

    with safe_open(weights, "np") as file:  # it sees that the tensors lie within the file and do not overlap
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118


def _check_config(config: dict[str, Any], where: str) -> None:
    for key, value in _items(config):
        if key == "auto_map":
            raise ModelFormatError(
                f"{where} asks for Python code that comes with the model (auto_map), which arner never runs; "
                "use a model of an architecture that transformers itself has"
            )
        if key == "quantization_config" and value:
            raise ModelFormatError(f"{where}: quantised weights (quantization_config) are not read; save plain ones")
        if "attn_implementation" in key and (not isinstance(value, str | None) or value not in _ATTENTION):
            raise ModelFormatError(f"{where}: {key} names code from elsewhere, {str(value)[:60]!r}; leave it out")
    for key, value in _numbers(config):
        most = _MOST_POSITIONS if "position" in key else _LARGEST
        if abs(value) > most:
            raise ModelFormatError(f"{where}: {key} is {str(value)[:40]}; no model has so many")


def _items(value: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every value of a configuration with the key that it stands under, those of inner objects too."""
    if depth > _DEEPEST:
        raise ModelFormatError("config.json is nested too deeply for a configuration")
    yield key, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _items(item, str(name), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _items(item, key, depth + 1)


def _numbers(config: dict[str, Any]) -> Iterator[tuple[str, int]]:
    return ((key, value) for key, value in _items(config) if type(value) is int)
