package dev.troupe.engine.os;

/** Numbers of the system calls of Linux on x86-64 that we use (arch/x86/entry/syscalls). */
final class Syscall {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int CLOSE = 3;
  static final int FSTAT = 5;
  static final int LSEEK = 8;
  static final int MMAP = 9;
  static final int MPROTECT = 10;
  static final int MUNMAP = 11;
  static final int IOCTL = 16;
  static final int PREAD64 = 17;
  static final int PWRITE64 = 18;
  static final int MADVISE = 28;
  static final int GETPID = 39;
  static final int SOCKET = 41;
  static final int SENDTO = 44;
  static final int RECVFROM = 45;
  static final int SHUTDOWN = 48;
  static final int BIND = 49;
  static final int LISTEN = 50;
  static final int GETSOCKNAME = 51;
  static final int FCNTL = 72;
  static final int FSYNC = 74;
  static final int FDATASYNC = 75;
  static final int FTRUNCATE = 77;
  static final int GETEUID = 107;
  static final int GETTID = 186;
  static final int GETDENTS64 = 217;
  static final int FADVISE64 = 221;
  static final int TIMER_CREATE = 222;
  static final int TIMER_SETTIME = 223;
  static final int TIMER_DELETE = 226;
  static final int CLOCK_GETTIME = 228;
  static final int CLOCK_GETRES = 229;
  static final int TGKILL = 234;
  static final int OPENAT = 257;
  static final int MKDIRAT = 258;
  static final int UNLINKAT = 263;
  static final int RENAMEAT = 264;
  static final int LINKAT = 265;
  static final int SYMLINKAT = 266;
  static final int READLINKAT = 267;
  static final int PPOLL = 271;
  static final int UTIMENSAT = 280;
  static final int FALLOCATE = 285;
  static final int ACCEPT4 = 288;
  static final int EVENTFD2 = 290;
  static final int SCHED_SETATTR = 314;
  static final int SCHED_GETATTR = 315;
  static final int GETRANDOM = 318;
  static final int MEMFD_CREATE = 319;
  static final int OPENAT2 = 437;

  private Syscall() {}
}
