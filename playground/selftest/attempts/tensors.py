"""Against and through torch: its loaders, compilers, caches, threads and global state."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import (
    FORK_SERVER,
    KERNEL,
    MEMORY,
    MOUNT,
    NET,
    PID,
    PROCESSES,
    RLIMIT,
    SECCOMP,
    UNSEEN,
    VALIDATION,
)

_CLEAN = {"clean": FORK_SERVER}

ATTEMPTS = (
    Attempt(
        "a malicious pickle that torch.load runs stays inside",
        Snippet(
            """
            import io, torch
            class Malicious:
                def __reduce__(self): return read, (planted["public files"][0],)
            file = io.BytesIO()
            torch.save(Malicious(), file)
            file.seek(0)
            attempt(lambda: torch.load(file, weights_only=False))
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "native code compiled by the snippet stands behind the same walls",
        Snippet(
            """
            import subprocess
            code = '''
            #include <errno.h>
            #include <fcntl.h>
            #include <sched.h>
            #include <sys/socket.h>
            int read_file(const char *path) { return open(path, O_RDONLY) < 0 ? errno : 0; }
            int make_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0; }
            '''
            open("native.c", "w").write(code)
            subprocess.run(["g++", "-shared", "-fPIC", "-x", "c", "native.c", "-o", "native.so"], check=True)
            native = ctypes.CDLL("./native.so")
            for number in (native.read_file(planted["public files"][0].encode()), native.make_socket()):
                report(errno.errorcode[number] if number else "reached")
            os.remove("native.c"), os.remove("native.so")
            """
        ),
        {**UNSEEN, "ENOSYS": SECCOMP, "FileNotFoundError": MOUNT},
    ),
    Attempt(
        "what one run puts into the compiler's cache is not there in the next",
        Snippet(
            """
            from torch._inductor.runtime.cache_dir_utils import cache_dir
            report("reached" if os.path.exists(cache_dir() + "/stain.py") else "clean")
            """,
            before="""
            from torch._inductor.runtime.cache_dir_utils import cache_dir
            os.makedirs(cache_dir(), exist_ok=True)
            with open(cache_dir() + "/stain.py", "w") as file: file.write("raise SystemExit")
            """,
        ),
        _CLEAN,
    ),
    Attempt(
        "a module named torch that one run leaves is not imported by the next",
        Snippet(
            """
            import torch
            report("clean" if hasattr(torch, "Tensor") and not hasattr(torch, "stain") else "reached")
            """,
            before="""
            import site, tempfile
            places = (os.getcwd(), tempfile.gettempdir(), site.getusersitepackages())
            for place in places:
                os.makedirs(place, exist_ok=True)
                for name in ("torch.py", "sitecustomize.py", "usercustomize.py"):
                    with open(f"{place}/{name}", "w") as file: file.write("stain = 1")
            """,
        ),
        _CLEAN,
    ),
    Attempt(
        "torch taken apart by one run is whole in the next",
        Snippet(
            """
            import torch
            report("clean" if (torch.ones(2) + 1).tolist() == [2, 2] and torch.ones(2).sum() == 2 else "reached")
            """,
            before="""
            import torch
            torch.Tensor.__add__ = torch.Tensor.sum = lambda *_: "taken apart"
            torch.ones = torch.zeros
            torch._C._VariableFunctions.ones = torch.zeros
            """,
        ),
        _CLEAN,
    ),
    Attempt(
        "default type, device and modes of one run are not those of the next",
        Snippet(
            """
            import torch
            state = (torch.get_default_dtype(), str(torch.get_default_device()), torch.is_grad_enabled())
            report("clean" if state == (torch.float32, "cpu", True) and torch.empty(1).device.type == "cpu" else state)
            """,
            before="""
            import torch
            torch.set_default_dtype(torch.float64)
            torch.set_default_device("meta")
            torch.set_grad_enabled(False)
            torch.use_deterministic_algorithms(True)
            """,
        ),
        _CLEAN,
    ),
    Attempt(
        "random numbers of one run say nothing of those of the next",
        Snippet(
            """
            import random, numpy, torch
            drawn = (random.random(), numpy.random.rand(), torch.rand(1).item())
            random.seed(0), numpy.random.seed(0), torch.manual_seed(0)
            seeded = (random.random(), numpy.random.rand(), torch.rand(1).item())
            report("reached" if set(drawn) & set(seeded) else "clean")
            """,
            before="import random, numpy, torch\nrandom.seed(0), numpy.random.seed(0), torch.manual_seed(0)",
        ),
        _CLEAN,
    ),
    Attempt(
        "a tensor larger than the machine is refused",
        Snippet("import torch\nattempt(lambda: torch.empty(10**12).fill_(1).sum())"),
        {"RuntimeError": KERNEL, "memory_limit": MEMORY},
    ),
    Attempt(
        "tensors are counted as all memory is",
        Snippet(
            """
            import torch
            def hoard():
                kept = []
                while True: kept.append(torch.ones(10_000_000))
            attempt(hoard)
            """
        ),
        {"memory_limit": MEMORY, "RuntimeError": RLIMIT},
    ),
    Attempt(
        "tensors in shared memory are counted, and gone in the next run",
        Snippet(
            """
            import torch
            def share():
                hoard = []
                while True: hoard.append(torch.ones(10_000_000).share_memory_())
            attempt(share)
            """
        ),
        {"memory_limit": MEMORY, "disk_limit": MEMORY, "RuntimeError": MEMORY, "killed": MEMORY},
    ),
    Attempt(
        "a million threads are refused",
        Snippet(
            """
            import torch
            torch.set_num_threads(10**6)
            torch.ones(1000, 1000) @ torch.ones(1000, 1000)
            """,
            timeout_s=4,
        ),
        {"process_limit": PROCESSES, "killed": PROCESSES, "error": PROCESSES, "timeout": PROCESSES},
    ),
    Attempt(
        "more threads than the deployment gives are not given",
        Snippet(
            """
            import torch
            report("reached" if torch.get_num_threads() == 64 else "fewer")
            """,
            threads=64,
        ),
        {"fewer": VALIDATION},
    ),
    Attempt(
        "processes of torch.multiprocessing do not outlive the run",
        Snippet(
            """
            import torch.multiprocessing
            context = torch.multiprocessing.get_context("fork")
            for _ in range(3):
                sleep = lambda: os.execvp("sleep", [planted["marker"], "1000"])
                context.Process(target=sleep, daemon=True).start()
            report("left behind")
            os._exit(0)
            """
        ),
        {"left behind": PID},
    ),
    Attempt(
        "nothing is downloaded by torch.hub",
        Snippet(
            """
            import torch
            attempt(torch.hub.load, "pytorch/vision", "resnet18")
            attempt(torch.hub.load_state_dict_from_url, "http://127.0.0.1:9/weights.pt")
            """
        ),
        {"URLError": NET, "RuntimeError": NET},
    ),
    Attempt(
        "torch.distributed finds nobody to talk to",
        Snippet(
            """
            import datetime, torch.distributed
            wait = datetime.timedelta(seconds=1)
            attempt(lambda: torch.distributed.TCPStore("127.0.0.1", planted["tcp"], 2, False, wait))
            """
        ),
        {"DistNetworkError": NET, "RuntimeError": NET, "DistStoreError": NET, "ValueError": NET},
    ),
)
