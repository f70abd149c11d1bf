package dev.troupe.engine.os;

/** The error numbers of Linux that something in this project distinguishes, and their names. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EXDEV = 18;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ELOOP = 40;

  private Errno() {}

  /** A sentence for the user: what the number means and, where we know one, a remedy. */
  public static String describe(int errno) {
    String text =
        switch (errno) {
          case EPERM -> "operation not permitted";
          case ENOENT -> "no such file";
          case ESRCH -> "no such thread";
          case EINTR -> "interrupted";
          case EAGAIN -> "resource temporarily unavailable (a limit such as RLIMIT_SIGPENDING?)";
          case ENOMEM ->
              "out of memory or of mappings (see vm.max_map_count, vm.overcommit_memory, ulimit"
                  + " -v)";
          case EACCES -> "permission denied";
          case EINVAL -> "invalid argument";
          case ENFILE, EMFILE -> "too many open files (see ulimit -n)";
          case ELOOP -> "is a symbolic link";
          default -> "";
        };
    return text.isEmpty() ? "errno " + errno : text + " (errno " + errno + ")";
  }
}
