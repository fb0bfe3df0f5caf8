"""The memory of a server with many threads."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_THREADS = """
import re, threading
from pathlib import Path
from bot.web.sharing import keep_few_heaps
{call}
wait = threading.Barrier(17)
def hold():
    kept = [bytearray(50_000) for _ in range(20)]  # below the size from which a block is mapped by itself
    wait.wait(); wait.wait()
threads = [threading.Thread(target=hold) for _ in range(16)]
[thread.start() for thread in threads]
wait.wait()
maps = Path("/proc/self/maps").read_text()
print(len(re.findall(r"^\\w+000000-", maps, re.MULTILINE)))  # heaps of threads begin at whole multiples of 64 MB
wait.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of threads are glibc's")
def test_threads_share_two_heaps() -> None:
    def heaps(call: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", _THREADS.format(call=call)], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert heaps("assert keep_few_heaps()") <= heaps("") - 8
