package dev.troupe.gateway.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads what the JVM and {@code /proc} say of this process. Thread-safe.
 *
 * <p>To count mappings is to read a line for each, of which a full pool has tens of thousands,
 * while the kernel holds up whoever maps memory; so that is done at most once a second.
 */
public final class ProcessProbe {
  private static final long MAPPINGS_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int PAGE_BYTES = 4096;

  private final Path proc;
  private final LongSupplier nanoTime;
  private long mappings = ProcessReadings.UNKNOWN;
  private long mappingsReadNanos;

  /** A probe of this process. */
  public ProcessProbe() {
    this(Path.of("/proc/self"), System::nanoTime);
  }

  /** A probe that reads another folder than {@code /proc/self}, by another clock. */
  ProcessProbe(Path proc, LongSupplier nanoTime) {
    this.proc = proc;
    this.nanoTime = nanoTime;
    mappingsReadNanos = nanoTime.getAsLong() - MAPPINGS_AGE_NANOS;
  }

  /** The process now. */
  public ProcessReadings read() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long gcMillis = 0;
    long gcCount = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      gcMillis += Math.max(0, collector.getCollectionTime());
      gcCount += Math.max(0, collector.getCollectionCount());
    }
    OperatingSystemMXBean os = ManagementFactory.getOperatingSystemMXBean();
    UnixOperatingSystemMXBean unix = os instanceof UnixOperatingSystemMXBean bean ? bean : null;
    return new ProcessReadings(
        unix == null ? ProcessReadings.UNKNOWN : unix.getProcessCpuTime(),
        TimeUnit.MILLISECONDS.toNanos(gcMillis),
        gcCount,
        heap.getUsed(),
        heap.getMax(),
        residentBytes(),
        unix == null ? ProcessReadings.UNKNOWN : unix.getOpenFileDescriptorCount(),
        mappings(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        os.getAvailableProcessors());
  }

  /** Resident memory of this process: the second number of {@code statm}, proc(5), in pages. */
  public long residentBytes() {
    try {
      String[] fields = Files.readString(proc.resolve("statm")).trim().split(" ", -1);
      return Long.parseLong(fields[1]) * PAGE_BYTES;
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return ProcessReadings.UNKNOWN;
    }
  }

  private synchronized long mappings() {
    long now = nanoTime.getAsLong();
    if (now - mappingsReadNanos >= MAPPINGS_AGE_NANOS) {
      mappings = lines(proc.resolve("maps"));
      mappingsReadNanos = now;
    }
    return mappings;
  }

  private static long lines(Path file) {
    byte[] buffer = new byte[1 << 16];
    long count = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        for (int i = 0; i < length; i++) {
          if (buffer[i] == '\n') {
            count++;
          }
        }
      }
      return count;
    } catch (IOException e) {
      return ProcessReadings.UNKNOWN;
    }
  }
}
