"""1,000 random states of the admin: each exported, and imported elsewhere byte for byte. In about six minutes."""

import subprocess
import sys

test = "tests/importing/test_round_trips.py"
sys.exit(
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "auto", test, "--sample=all"], check=False).returncode
)
