"""Runs each benchmark of this package in a process of its own, one after another."""

import pkgutil
import subprocess
import sys

import benchmarks
from benchmarks.faults import FAULTS

# Those run as part of the table of faults.
left_out = {*benchmarks.HELPERS, *(fault.benchmark for fault in FAULTS)}
failed = []
for module in pkgutil.iter_modules(benchmarks.__path__):
    if module.name.startswith("_") or module.name in left_out:
        continue
    print(f"\n{module.name}", flush=True)
    if subprocess.run([sys.executable, "-m", f"benchmarks.{module.name}"], check=False).returncode:
        failed.append(module.name)
sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)
