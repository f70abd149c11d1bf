package dev.troupe.wasi;

/**
 * {@code proc_raise}: what the signals of preview 1 do to a process that has no handlers, as in
 * POSIX. A guest is no process, so it cannot be stopped and continued.
 */
final class RaisedSignal {
  private static final int NONE = 0;
  private static final int LAST = 30;
  private static final int STATUS_OF_SIGNAL = 128;

  // CHLD, CONT, URG, WINCH
  private static final int IGNORED = 1 << 16 | 1 << 17 | 1 << 22 | 1 << 27;
  // STOP, TSTP, TTIN, TTOU
  private static final int STOPPING = 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21;

  private RaisedSignal() {}

  /** Ends the guest by {@link WasiExitException} when the signal does. */
  static void raise(int signal) {
    if (signal < NONE || signal > LAST) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    int bit = 1 << signal;
    if ((bit & STOPPING) != 0) {
      throw WasiError.of(WasiErrno.NOTSUP);
    }
    if (signal != NONE && (bit & IGNORED) == 0) {
      throw new WasiExitException(STATUS_OF_SIGNAL + signal);
    }
  }
}
