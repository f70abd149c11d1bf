package dev.troupe.engine.os;

/**
 * The kernel's struct pollfd, for {@link FileCalls#poll}: {@code 0 descriptor | 4 wanted | 6
 * found}.
 */
public final class PollFd {
  /** Bytes of one. */
  public static final int BYTES = 8;

  public static final int IN = 1;
  public static final int OUT = 4;
  public static final int ERROR = 8;
  public static final int HANGUP = 16;

  private PollFd() {}

  /** Writes one; a negative descriptor is not looked at. */
  public static void put(long address, int descriptor, int wanted) {
    RawMemory.putInt(address, descriptor);
    RawMemory.putInt(address + 4, wanted);
  }

  /** What answers somebody who asked for {@code wanted}: that, and errors, which are for all. */
  public static int answering(int wanted) {
    return wanted | ~(IN | OUT);
  }

  /** What {@link FileCalls#poll} has found; 0 for nothing. */
  public static int found(long address) {
    return RawMemory.getShort(address + 6);
  }
}
