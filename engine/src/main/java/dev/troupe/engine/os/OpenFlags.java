package dev.troupe.engine.os;

/** Flags of open on x86-64 Linux (asm-generic/fcntl.h) for {@link FileCalls#openBeneath}. */
public final class OpenFlags {
  public static final int WRITE = 1;
  public static final int READ_WRITE = 2;
  public static final int CREATE = 0x40;
  public static final int EXCLUSIVE = 0x80;
  public static final int NO_TERMINAL = 0x100;
  public static final int TRUNCATE = 0x200;
  public static final int APPEND = 0x400;
  public static final int NON_BLOCKING = 0x800;
  public static final int DSYNC = 0x1000;
  public static final int DIRECTORY = 0x10000;
  public static final int NO_FOLLOW = 0x20000;
  public static final int SYNC = 0x101000;
  public static final int PATH_ONLY = 0x200000;

  static final int CLOSE_ON_EXEC = 0x80000;

  private OpenFlags() {}
}
