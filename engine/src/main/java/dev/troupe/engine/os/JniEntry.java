package dev.troupe.engine.os;

import org.jspecify.annotations.Nullable;

/**
 * What {@link NativeEntry} does, by JNI. To link the first foreign function takes a process 30 ms,
 * most of what a program that says hello and ends takes beside the JVM itself; to load {@link
 * EntryLibrary} takes less than one. A call takes a few nanoseconds longer: a server links.
 */
final class JniEntry {
  /** Absolute path of the library; without it nothing is loaded. */
  static final String PROPERTY = "troupe.entry.library";

  /** Whether {@link #enter} can be called. */
  static final boolean LOADED = load(System.getProperty(PROPERTY));

  private JniEntry() {}

  @SuppressWarnings("restricted") // the danger is this package's purpose
  static boolean load(@Nullable String library) {
    if (library == null) {
      return false;
    }
    try {
      System.load(library);
      return true;
    } catch (UnsatisfiedLinkError e) {
      // Then the foreign function interface has to do.
      return false;
    }
  }

  /** Calls the code at an address. */
  static native long enter(long code, long a, long b, long c, long d, long e, long f, long g);
}
