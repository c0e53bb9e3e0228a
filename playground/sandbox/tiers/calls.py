"""System calls by what they do. The tiers say which of these a snippet may make.

Measured: import, training, a DataLoader, matplotlib, subprocesses and torch.compile with g++ used 86 of them.
``clone`` and ``socket`` are allowed with filtered arguments, see ``seccomp``; ``clone3`` hides its flags: ENOSYS.
"""


def _named(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FILES = _named("""
access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64
fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fsetxattr fstat
fstatfs fsync ftruncate futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1
inotify_rm_watch ioctl lchown lgetxattr link linkat listxattr llistxattr lseek lsetxattr lstat mkdir mkdirat mknod
mknodat newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead
readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr splice stat statfs statx
symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime utimensat utimes vmsplice write
writev
""")

MEMORY = _named("""
brk madvise membarrier mincore mlock mlock2 mlockall mmap mprotect mremap mseal msync munlock munlockall munmap
pkey_alloc pkey_free pkey_mprotect remap_file_pages
""")

WAITING = _named("""
alarm clock_getres clock_gettime clock_nanosleep epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
epoll_wait eventfd eventfd2 futex futex_requeue futex_wait futex_waitv futex_wake getitimer kill nanosleep pause poll
ppoll pselect6 restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
rt_sigtimedwait rt_tgsigqueueinfo select setitimer sigaltstack signalfd signalfd4 tgkill time timer_create
timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill
""")

PROCESSES = _named("""
arch_prctl capget execve execveat exit exit_group fork getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid
getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid gettid gettimeofday getuid ioprio_get
landlock_add_rule landlock_create_ruleset landlock_restrict_self pidfd_open pidfd_send_signal prctl prlimit64 rseq
sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp
set_robust_list set_tid_address setpgid setpriority setrlimit setsid sysinfo uname vfork wait4 waitid waitpid
""")

SOCKETS = _named("""
accept accept4 bind getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg
sendto setsockopt shutdown
""")

REACHING = _named("connect socketpair")
"""Where the host's files can be seen, sockets among them can be reached: there only pairs that know no addresses."""

SHARED = _named("""
memfd_create mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd semctl
semget semop semtimedop shmat shmctl shmdt shmget
""")
"""Memory and queues that no process need have mapped: safe where an IPC namespace and a control group hold them."""

DANGEROUS = _named("""
acct add_key adjtimex bpf clock_adjtime clock_settime create_module delete_module fanotify_init fanotify_mark
finit_module get_kernel_syms get_mempolicy init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl
kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind memfd_secret migrate_pages move_pages name_to_handle_at
nfsservctl open_by_handle_at perf_event_open personality pidfd_getfd process_madvise process_mrelease process_vm_readv
process_vm_writev ptrace query_module quotactl quotactl_fd reboot request_key set_mempolicy settimeofday swapoff
swapon sysfs syslog userfaultfd ustat vhangup
""")

MOUNTS = _named("""
chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree pivot_root setns umount umount2 unshare
""")

IDENTITY = _named("""
setdomainname setfsgid setfsuid setgid setgroups sethostname setregid setresgid setresuid setreuid setuid
""")
