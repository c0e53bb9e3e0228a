# en: Waiting for several things at once
# zh-Hans: 同时等待多件事
# mode: imperative

import asyncio
import time


async def brew(what, seconds):
    await asyncio.sleep(seconds)
    print(what, "is ready")


async def breakfast():
    await asyncio.gather(brew("coffee", 0.3), brew("tea", 0.2), brew("toast", 0.1))


start = time.perf_counter()
asyncio.run(breakfast())
print(f"{time.perf_counter() - start:.1f} s, not 0.6")
