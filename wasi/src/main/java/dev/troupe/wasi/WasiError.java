package dev.troupe.wasi;

/**
 * A function of WASI cannot do what it was asked to; the guest sees the error number. There is one
 * object per number and it has no stack trace: throwing one costs no allocation.
 */
final class WasiError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final WasiError[] BY_NUMBER = new WasiError[WasiErrno.COUNT];

  static {
    for (int i = 0; i < BY_NUMBER.length; i++) {
      BY_NUMBER[i] = new WasiError(i);
    }
  }

  private final int errno;

  private WasiError(int errno) {
    super("WASI error " + errno, null, false, false);
    this.errno = errno;
  }

  /** The error for a number of {@link WasiErrno}. */
  static WasiError of(int errno) {
    return BY_NUMBER[errno];
  }

  /** The result of a system call, unless it is a negative error number of the kernel. */
  static long checkHost(long result) {
    if (result < 0) {
      throw of(WasiErrno.ofHost((int) -result));
    }
    return result;
  }

  int errno() {
    return errno;
  }
}
