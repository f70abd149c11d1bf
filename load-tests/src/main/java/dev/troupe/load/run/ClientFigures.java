package dev.troupe.load.run;

import com.sun.management.OperatingSystemMXBean;
import dev.troupe.load.report.Report.Machine;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What this program itself has used so far. A client that is short of processor measures itself.
 *
 * @param atNanos when this was, on the clock of {@link System#nanoTime}
 * @param cpuNanos processor time of the process
 * @param gcMillis time of garbage collections
 * @param gcCount how many there were
 */
record ClientFigures(long atNanos, long cpuNanos, long gcMillis, long gcCount) {
  private static final int COMMAND_SECONDS = 5;

  static ClientFigures now() {
    long cpu =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : 0;
    long millis = 0;
    long count = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
      count += Math.max(0, collector.getCollectionCount());
    }
    return new ClientFigures(System.nanoTime(), cpu, millis, count);
  }

  static Machine machine() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        memory,
        processor(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** The commit that is checked out in a folder; empty when that cannot be known. */
  static String commit(Path folder) throws InterruptedException {
    try {
      Process git =
          new ProcessBuilder(
                  List.of("git", "-C", folder.toString(), "rev-parse", "--short=12", "HEAD"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String line = git.inputReader().readLine();
      boolean ended = git.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 && line != null ? line : "";
    } catch (IOException e) {
      return "";
    }
  }
}
