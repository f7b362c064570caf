"""`arner` with a model that needs no time to load and as long as one likes to read: for processes that tests kill.

python -m tests.batch.child SECONDS_PER_BATCH SECONDS_BETWEEN_CHECKPOINTS ARGUMENTS...
"""

from __future__ import annotations

import sys
import time

if __name__ == "__main__":
    import arner.batch.journal as journal
    import arner.extractor
    from arner.cli import main
    from tests.conftest import NAMES, ListRecognizer

    class SlowRecognizer(ListRecognizer):
        def read(self, texts):
            return self.start(texts).names()

        def start(self, texts):
            time.sleep(float(sys.argv[1]))
            return super().start(texts)

    arner.extractor.load_recognizer = lambda *_, **__: SlowRecognizer(NAMES)
    journal._INTERVAL, journal._SHARE = float(sys.argv[2]), 1e9
    main(sys.argv[3:])
