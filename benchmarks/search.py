"""A random search through the property tests: `uv run python benchmarks/search.py [pytest's arguments]`.

The suite tries the same examples each time. Here each property is tried with a thousand new ones; what fails is printed with
its input, which becomes an example in a test of its own when it is mended.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "hypothesis and not office",
    ]
    more = ["--hypothesis-profile=search", *sys.argv[1:]]
    return subprocess.run([*command, *more], cwd=Path(__file__).parent.parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
