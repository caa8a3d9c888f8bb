"""What understanding one message costs in Rasa's process: CPU and wall milliseconds, memory.

bot/.venv/bin/python -m bench.understanding [--messages 500]
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np

from evaluation import sentences
from evaluation.evaluate import load, newest_model

_WARM_UP = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500)
    count = parser.parse_args().messages
    texts = [s.text for s in sentences.development()]
    drawn = random.Random(1).choices(texts, k=count)
    began = time.perf_counter()
    parse = load(newest_model())
    print(f"model loaded in {time.perf_counter() - began:.1f} s")
    for text in drawn[:_WARM_UP]:
        parse(text)
    cpu, wall = [], []
    for text in drawn:
        cpu_before, wall_before = time.process_time(), time.perf_counter()
        parse(text)
        cpu.append((time.process_time() - cpu_before) * 1e3)
        wall.append((time.perf_counter() - wall_before) * 1e3)
    for name, values in (("CPU", cpu), ("wall", wall)):
        p50, p95 = np.percentile(values, [50, 95])
        print(f"{name} ms a message: p50 {p50:.1f}, p95 {p95:.1f} (targets 5 and 8)")
    status = Path("/proc/self/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
    print(f"memory: {resident / 1024:.0f} MB (target 700)")


if __name__ == "__main__":
    main()
