package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.TenantStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a server holds at one moment: after a fault everything must be as it was before.
 *
 * @param exact gauges that return to the very same value
 * @param actors that live; a tenant that was restarted has those that it needed since
 * @param openFiles of the process, the test's clients included
 * @param mappings of the process; the JVM itself makes some now and then
 * @param threads of the process, the JVM's own included
 */
record Gauges(Map<String, Long> exact, int actors, long openFiles, long mappings, long threads) {
  /** Files that the JVM may open on its own. */
  private static final long FILES = 40;

  /** Mappings that come and go: parts of the heap, buffers, thread stacks, images in free slots. */
  private static final long MAPPINGS = 120;

  /**
   * A thread's stack, its guard zone, and what it allocates from. Pools keep the threads that a
   * stalled machine made them start for a minute.
   */
  private static final long MAPPINGS_OF_A_THREAD = 5;

  static Gauges of(TestServer server) {
    Map<String, Long> exact = new TreeMap<>();
    // First: the question for the others is a call, too.
    exact.put("heap of calls", server.server.heapOfCallsBytes());
    ServerStatistics now = server.statistics();
    exact.put("slots in use", now.getPool().getSlotsInUse());
    exact.put("stacks in use", now.getPool().getStacksInUse());
    exact.put("slot waiters", now.getPool().getSlotWaiters());
    exact.put("stack waiters", now.getPool().getStackWaiters());
    exact.put("live fibers", now.getFibers().getLive());
    exact.put("parked fibers", now.getFibers().getParked());
    exact.put("live tasks", (long) now.getScheduler().getLive());
    exact.put("queued tasks", (long) now.getScheduler().getQueued());
    for (TenantStatistics tenant : now.getTenantsList()) {
      exact.put(tenant.getName() + " concurrency", (long) tenant.getUsage().getConcurrency());
      exact.put(tenant.getName() + " queue", (long) tenant.getUsage().getQueueLength());
      exact.put(tenant.getName() + " instances", (long) tenant.getUsage().getInstances());
      exact.put(tenant.getName() + " memory", tenant.getUsage().getMemoryBytes());
    }
    return new Gauges(
        exact,
        server.server.liveActors(),
        now.getProcess().getOpenFiles(),
        now.getProcess().getMappings(),
        threadsOfTheProcess());
  }

  private static long threadsOfTheProcess() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, once nobody asks anything. */
  static Gauges settled(TestServer server) {
    await().until(() -> server.server.heapOfCallsBytes() == 0);
    return of(server);
  }

  long get(String gauge) {
    return exact.getOrDefault(gauge, 0L);
  }

  /** Waits until our own gauges are as they are here. */
  void awaitOurs(TestServer server) {
    await()
        .untilAsserted(() -> {
          Gauges now = of(server);
          assertThat(now.exact()).isEqualTo(exact);
          assertThat(now.actors()).as("actors").isLessThanOrEqualTo(actors);
        });
  }

  /** Waits until the whole process holds no more than this. */
  void awaitAll(TestServer server) {
    awaitOurs(server);
    await()
        .untilAsserted(() -> {
          Gauges now = of(server);
          assertThat(now.openFiles()).as("open files").isLessThan(openFiles + FILES);
          long moreThreads = Math.max(0, now.threads() - threads);
          assertThat(now.mappings())
              .as("mappings with %d more threads", moreThreads)
              .isLessThan(mappings + MAPPINGS + moreThreads * MAPPINGS_OF_A_THREAD);
        });
  }
}
