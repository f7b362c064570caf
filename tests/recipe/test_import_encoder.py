"""The importer reads the container's layout: header, vocabulary, quantised and full tensors."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from models.recipe.import_encoder import SPECIAL, Container, choose_pieces, is_kept_character

PIECES = [*SPECIAL[:4], "▁", "ا", "▁بوتين", "龍", SPECIAL[4]]
WIDTH = 32


def quantised(values: np.ndarray) -> bytes:
    """Rows of whole blocks of 32 values in the container's form."""
    out = b""
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7 or 1)
        codes = (np.rint(block / np.float32(scale)) + 8).astype(np.uint8)
        out += scale.tobytes() + (codes[:16] | codes[16:] << 4).astype(np.uint8).tobytes()
    return out


def write_container(path: Path, tensors: dict[str, bytes]) -> None:
    blob = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 0, 1, WIDTH, len(PIECES), 4, 1, 1e-12, 32)
    head += struct.pack("<i4iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets.tobytes()
    head += np.arange(len(PIECES), dtype="<f4").tobytes() + blob
    head += struct.pack("<iI", 0, 3) + b"xyz" + struct.pack("<i", len(tensors))
    size = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    directory = body = b""
    for name, data in tensors.items():
        directory += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, size + len(body), len(data))
        )
        body += data
    path.write_bytes(head + directory + body)


@pytest.fixture
def container(tmp_path: Path) -> Path:
    words = np.linspace(-7, 7, len(PIECES) * WIDTH, dtype=np.float32).reshape(-1, WIDTH)
    full = {"emb.pos": 4 * WIDTH, "emb.type": WIDTH, "emb.ln.w": WIDTH, "emb.ln.b": WIDTH}
    tensors = {name: np.arange(count, dtype="<f4").tobytes() for name, count in full.items()}
    write_container(tmp_path / "small.bin", {"emb.word": quantised(words), **tensors})
    return tmp_path / "small.bin"


def test_weights_and_vocabulary_come_out_as_they_went_in(container: Path) -> None:
    read = Container(container)
    assert read.pieces == PIECES
    assert read.scores == list(range(len(PIECES)))
    state = read.state([0, 6])
    words = np.linspace(-7, 7, len(PIECES) * WIDTH, dtype=np.float32).reshape(-1, WIDTH)
    error = np.abs(state["bert.embeddings.word_embeddings.weight"] - words[[0, 6]])
    assert error.max() <= 7 / 7 / 2 + 0.01  # half a quantisation step
    assert state["bert.embeddings.position_embeddings.weight"].tolist() == np.arange(128.0).reshape(4, 32).tolist()


def test_other_files_and_cut_files_are_refused(container: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="E5S1"):
        Container(other)
    container.write_bytes(container.read_bytes()[:-10])
    with pytest.raises(ValueError, match="cut short"):
        Container(container)


def test_used_pieces_special_pieces_and_single_letters_are_kept() -> None:
    scores = [0.0, 0.0, 0.0, -10.0, -3.0, -4.0, -5.0, -20.0, 0.0]
    kept = choose_pieces(PIECES, scores, [("بوتين", 5)], minimum=5)
    assert [PIECES[index] for index in kept] == [piece for piece in PIECES if piece != "龍"]
    assert is_kept_character("؟") and is_kept_character("é") and not is_kept_character("龍")
