"""Makes the modules of this folder, and the random sessions, importable by its tests: tests are no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "independent"))
