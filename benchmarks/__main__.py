"""Runs each benchmark of this package in a process of its own, one after another."""

import pkgutil
import subprocess
import sys

import benchmarks

failed = []
for module in pkgutil.iter_modules(benchmarks.__path__):
    if module.name.startswith("_") or module.name in benchmarks.HELPERS:
        continue
    print(f"\n{module.name}", flush=True)
    if subprocess.run([sys.executable, "-m", f"benchmarks.{module.name}"], check=False).returncode:
        failed.append(module.name)
sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)
