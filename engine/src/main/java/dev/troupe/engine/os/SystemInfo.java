package dev.troupe.engine.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Facts about the machine and limits of the kernel. */
public final class SystemInfo {
  private static final int AT_PAGESZ = 6;
  private static final int AT_MINSIGSTKSZ = 51;
  private static final int LEGACY_MINSIGSTKSZ = 2048;

  private SystemInfo() {}

  /**
   * Refuses systems that we cannot run on.
   *
   * @throws UnsupportedPlatformException with one sentence for the user
   */
  public static void requireSupportedPlatform() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
      throw new UnsupportedPlatformException(
          "Troupe needs Linux on x86-64, and this is " + os + " on " + arch + ".");
    }
    long pageBytes = Libc.getauxval(AT_PAGESZ);
    if (pageBytes != VirtualMemory.PAGE_BYTES) {
      throw new UnsupportedPlatformException("Troupe needs 4 KiB pages, not " + pageBytes + ".");
    }
  }

  /** Bytes of stack that the kernel needs to deliver a signal on this processor. */
  public static long minimumSignalStackBytes() {
    return Math.max(LEGACY_MINSIGSTKSZ, Libc.getauxval(AT_MINSIGSTKSZ));
  }

  /** Effective user id of the process. */
  public static int effectiveUserId() {
    return (int) Libc.check("geteuid", Syscall.GETEUID, 0, 0, 0);
  }

  /** Most mappings that the kernel gives one process (vm.max_map_count). */
  public static long maxMapCount() {
    return readNumber("/proc/sys/vm/max_map_count", 65_530);
  }

  /** vm.overcommit_memory: 0 heuristic, 1 always, 2 never beyond the commit limit. */
  public static int overcommitMode() {
    return (int) readNumber("/proc/sys/vm/overcommit_memory", 0);
  }

  // In one read: a kernel setting that is read in pieces ends after the first.
  private static long readNumber(String file, long otherwise) {
    byte[] buffer = new byte[32];
    try (FileInputStream in = new FileInputStream(file)) {
      int length = in.read(buffer);
      return length <= 0
          ? otherwise
          : Long.parseLong(new String(buffer, 0, length, StandardCharsets.US_ASCII).strip());
    } catch (IOException | NumberFormatException unreadable) {
      return otherwise;
    }
  }
}
