package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.PollFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that waits for descriptors of the host, with a kernel that the test stands in for. */
@Timeout(600)
class PollerTest {
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile Poller.Kernel kernel = FileCalls::poll;
  private final Poller poller = new Poller(this::poll, (int) FileCalls.openCounter());
  private final Thread thread = new Thread(poller::run, "poller-test");
  private final int descriptor = (int) FileCalls.openCounter();

  private long poll(long polls, int count, long timeout) {
    int _ = calls.incrementAndGet();
    int _ = most.accumulateAndGet(count, Math::max);
    return kernel.poll(polls, count, timeout);
  }

  @BeforeEach
  void begin() {
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void end() throws InterruptedException {
    poller.await(descriptor, PollFd.OUT).join();
    thread.interrupt();
    thread.join();
    assertThat(FileCalls.close(descriptor)).isZero();
  }

  @Test
  void theKernelIsAskedOnceForEachDescriptor() {
    List<CompletableFuture<Boolean>> waits = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waits.add(poller.await(descriptor, PollFd.IN));
    }
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isTrue();
    assertThat(poller.waiting()).as("who wants to write is not who wants to read").isEqualTo(100);
    for (int i = 0; i < 50; i++) {
      assertThat(waits.removeLast().cancel(false)).isTrue();
    }
    assertThat(poller.waiting()).isEqualTo(50);
    FileCalls.count(descriptor);
    for (CompletableFuture<Boolean> wait : waits) {
      assertThat(wait.join()).isTrue();
    }
    assertThat(poller.waiting()).isZero();
    assertThat(most.get()).as("the descriptor and the poller's own").isEqualTo(2);
  }

  @Test
  void aKernelThatFailsEndsTheWaitsAndIsLeftAlone() {
    kernel = (_, _, _) -> -Errno.EINVAL;
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isFalse();
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isFalse();
    kernel =
        (_, _, _) -> {
          throw new IllegalStateException("no room for the descriptors");
        };
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isFalse();
    await().atMost(Duration.ofMinutes(3)).until(() -> thread.getState() == Thread.State.WAITING);
    assertThat(calls.get()).isEqualTo(3);
    assertThat(poller.waiting()).isZero();
    kernel = FileCalls::poll;
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isTrue();
  }

  @Test
  void anInterruptedCallIsRepeated() {
    AtomicInteger interruptions = new AtomicInteger(3);
    kernel =
        (polls, count, timeout) ->
            interruptions.getAndDecrement() > 0
                ? -Errno.EINTR
                : FileCalls.poll(polls, count, timeout);
    assertThat(poller.await(descriptor, PollFd.OUT).join()).isTrue();
    assertThat(interruptions.get()).isNegative();
  }

  @Test
  void whatCannotBeginNowBeginsLater() throws InterruptedException {
    List<Integer> counters = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger(2);
    AtomicInteger threads = new AtomicInteger();
    List<Thread> started = new ArrayList<>();
    Poller.OnDemand onDemand =
        new Poller.OnDemand(
            () -> {
              if (failures.getAndDecrement() > 0) {
                return -Errno.EMFILE;
              }
              counters.add((int) FileCalls.openCounter());
              return counters.getLast();
            },
            body -> {
              Thread thread =
                  threads.getAndIncrement() == 0 ? new ThreadThatCannotStart() : new Thread(body);
              thread.setDaemon(true);
              started.add(thread);
              return thread;
            });
    assertThat(errno(onDemand)).isEqualTo(WasiErrno.MFILE);
    assertThat(errno(onDemand)).isEqualTo(WasiErrno.MFILE);
    assertThat(errno(onDemand)).as("no thread").isEqualTo(WasiErrno.NOMEM);
    assertThat(isCounter(counters.getFirst())).as("it was closed").isFalse();
    Poller begun = onDemand.get();
    assertThat(isCounter(counters.getLast())).isTrue();
    assertThat(begun.await(descriptor, PollFd.OUT).join()).isTrue();
    assertThat(onDemand.get()).isSameAs(begun);
    assertThat(counters).hasSize(2);
    started.getLast().interrupt();
    started.getLast().join();
    assertThat(FileCalls.close(counters.getLast())).isZero();
  }

  /** As where the process has as many as it may have. */
  private static final class ThreadThatCannotStart extends Thread {
    @Override
    public void start() {
      throw new OutOfMemoryError("unable to create native thread");
    }
  }

  /** Whether it is one: its number may be another file's by now, which the JVM has opened. */
  private static boolean isCounter(int number) {
    Path link = Path.of("/proc/self/fd", Integer.toString(number));
    try {
      return Files.readSymbolicLink(link).toString().contains("eventfd");
    } catch (IOException closed) {
      return false;
    }
  }

  private static int errno(Poller.OnDemand onDemand) {
    try {
      var _ = onDemand.get();
      return WasiErrno.SUCCESS;
    } catch (WasiError e) {
      return e.errno();
    }
  }
}
