package dev.troupe.gateway.observe;

/**
 * The process at one moment. What cannot be read is {@link #UNKNOWN}.
 *
 * @param cpuNanos user and system time of all threads
 * @param gcNanos pauses of the garbage collector, added up
 * @param gcCount number of these pauses
 * @param heapUsedBytes heap in use, garbage included
 * @param heapMaxBytes what the heap may grow to
 * @param rssBytes resident memory
 * @param openFiles file descriptors
 * @param mappings lines of {@code /proc/self/maps}; may be one second old
 * @param threads platform threads
 * @param processors processors that the JVM may use
 */
public record ProcessReadings(
    long cpuNanos,
    long gcNanos,
    long gcCount,
    long heapUsedBytes,
    long heapMaxBytes,
    long rssBytes,
    long openFiles,
    long mappings,
    int threads,
    int processors) {

  /** Stands for a value that the kernel or the JVM did not give. */
  public static final long UNKNOWN = -1;
}
