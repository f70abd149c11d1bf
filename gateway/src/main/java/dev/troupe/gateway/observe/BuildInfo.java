package dev.troupe.gateway.observe;

/** What runs here. */
public final class BuildInfo {
  /** Version of Troupe. */
  public static final String VERSION = "0.1.0";

  private BuildInfo() {}

  /** Version and maker of the JVM. */
  public static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")";
  }
}
