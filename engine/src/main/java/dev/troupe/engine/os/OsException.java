package dev.troupe.engine.os;

/** A system call failed. The only exception type that this package throws for it. */
public final class OsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  OsException(String call, int errno) {
    super(call + " failed: " + Errno.describe(errno));
    this.call = call;
    this.errno = errno;
  }

  /** Name of the system call. */
  public String call() {
    return call;
  }

  /** Whether something was used up that may be there later: memory, mappings, open files. */
  public boolean isShortage() {
    return errno == Errno.ENOMEM || errno == Errno.EMFILE || errno == Errno.ENFILE;
  }

  /** The error number, for example {@link Errno#ENOMEM}. */
  public int errno() {
    return errno;
  }
}
