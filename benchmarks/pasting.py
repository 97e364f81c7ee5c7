"""`pasting [EXAMPLES]`: does whatever is accepted say the same on its way back from HTML, and is whatever is pasted accepted? 3,000 of each."""

import os
import subprocess
import sys


def main(examples="3000"):
    command = [sys.executable, "-m", "pytest", "-q", "tests/content/test_from_html.py"]
    return subprocess.run(command, env=os.environ | {"EXAMPLES": examples}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
