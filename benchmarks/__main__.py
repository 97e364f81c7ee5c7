"""Runs each benchmark in a process of its own, one after another; those named, or all."""

import subprocess
import sys
import time

from benchmarks import QUESTIONS

failed = []
for name in sys.argv[1:] or QUESTIONS:
    print(f"\n## {name}\n", flush=True)
    began = time.monotonic()
    if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
        failed.append(name)
    print(f"\n({time.monotonic() - began:.0f} s)", flush=True)
sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)
