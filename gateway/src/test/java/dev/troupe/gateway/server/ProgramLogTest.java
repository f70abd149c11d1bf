package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.GuestLog;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import dev.troupe.functions.v1.TenantQuotas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The standard error of programs in the server's log: whose it is, how much, and no lines of ours.
 */
class ProgramLogTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(ProgramLog.class);

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  @BeforeEach
  void listen() {
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    LOG.setLevel(Level.INFO);
    LOG.addAppender(appender);
  }

  @AfterEach
  void stop() {
    LOG.detachAppender(appender);
    LOG.setLevel(null);
  }

  private List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static InvokeRequest request(String tenant) {
    return InvokeRequest.newBuilder()
        .setName("tenants/" + tenant + "/functions/exit")
        .setPayload(ByteString.copyFromUtf8("\7"))
        .build();
  }

  @Test
  void logHasTheBeginningOfWhatAProgramSaysWithItsNumber(@TempDir Path data) throws Exception {
    Map<String, Object> settings =
        Map.of("program-log.enabled", true, "program-log.bytes-per-call", 3);
    try (TestServer server = TestServer.start(data, settings)) {
      var _ = server.createTenant("acme", TenantQuotas.newBuilder());
      var _ = server.deploy("acme", "exit", Programs.EXIT);
      InvokeResponse response = server.invoke(request("acme"));
      assertThat(response.getLog().toStringUtf8()).isEqualTo("oops");
      await().until(() -> lines().size() == 1);
      assertThat(lines().getFirst())
          .isEqualTo("acme/exit call " + response.getLogId() + ": oop ...");
      var call = InvocationServiceGrpc.newBlockingV2Stub(server.channel).invokeStream();
      boolean _ = call.write(InvokeStreamRequest.newBuilder().setStart(request("acme")).build());
      InvokeStreamResponse next = call.read();
      while (next != null && !next.hasEnd()) {
        next = call.read();
      }
      assertThat(next).isNotNull();
      await().until(() -> lines().size() == 2);
      assertThat(lines().getLast()).contains(" call " + next.getEnd().getLogId() + ": oop");
      assertThat(next.getEnd().getLogId()).isNotEqualTo(response.getLogId());
    }
  }

  @Test
  void logIsOffUnlessItIsAskedFor(@TempDir Path data) throws Exception {
    try (TestServer server = TestServer.start(data)) {
      var _ = server.createTenant("acme", TenantQuotas.newBuilder());
      var _ = server.deploy("acme", "exit", Programs.EXIT);
      assertThat(server.invoke(request("acme")).getLogId()).isEmpty();
    }
    assertThat(lines()).isEmpty();
  }

  private static CallAnswer said(int bytes) {
    GuestLog log = new GuestLog("x".repeat(bytes).getBytes(StandardCharsets.UTF_8), false);
    return new CallAnswer.Returned(
        new CallOutput.Streamed(0),
        new CallStats(0, 0, 0, OptionalLong.empty(), 0, false, "sha", 1, 0, log));
  }

  @Test
  void tenantThatSaysTooMuchIsLeftOutAndNoOther() {
    AtomicLong nanos = new AtomicLong();
    CallableName.Cache names = new CallableName.Cache();
    CallableName loud = names.get("tenants/loud/functions/f");
    CallableName calm = names.get("tenants/calm/functions/f");
    // Two lines a second, of ten bytes each.
    int perSecond = 2 * (10 + ProgramLog.LINE_BYTES);
    try (ProgramLog log = new ProgramLog(new ProgramLogSettings(true, 10, perSecond), nanos::get)) {
      assertThat(log.take(loud, said(10))).isNotEmpty();
      assertThat(log.take(loud, said(1000))).isNotEmpty();
      assertThat(log.take(loud, said(1))).isEmpty();
      assertThat(log.take(calm, said(10))).isNotEmpty();
      assertThat(log.take(calm, said(0))).isEmpty();
      nanos.addAndGet(500_000_000);
      assertThat(log.take(loud, said(10))).isNotEmpty();
      assertThat(log.take(loud, said(10))).isEmpty();
      await().until(() -> lines().stream().anyMatch(line -> line.contains("were left out")));
    }
  }

  /** Lines of one byte are cheap by the byte, and the log's writer stands still. */
  @Test
  void tenantOfManyShortLinesLeavesRoomForOthersAndIsChargedForWhatIsWritten() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    Appender<ILoggingEvent> slow =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            reached.countDown();
            try {
              held.await();
            } catch (InterruptedException closed) {
              Thread.currentThread().interrupt();
            }
          }
        };
    slow.start();
    LOG.addAppender(slow);
    CallableName.Cache names = new CallableName.Cache();
    CallableName loud = names.get("tenants/loud/functions/f");
    CallableName calm = names.get("tenants/calm/functions/f");
    // Enough for a hundred lines, and no more: time stands still.
    ProgramLogSettings settings =
        new ProgramLogSettings(true, 1, 100 * (1 + ProgramLog.LINE_BYTES));
    try (ProgramLog log = new ProgramLog(settings, () -> 0)) {
      assertThat(log.take(calm, said(1))).isNotEmpty();
      assertThat(reached.await(3, TimeUnit.MINUTES)).isTrue();
      assertThat(taken(log, loud, 1000)).isEqualTo(32);
      assertThat(log.take(calm, said(1))).isNotEmpty();
      held.countDown();
      // What found no place was not charged: the other 68 lines come, but not one more.
      int[] written = {32};
      await()
          .until(() -> {
            written[0] += taken(log, loud, 100);
            return written[0] == 100;
          });
      await().until(() -> lines().stream().filter(line -> line.contains("loud/")).count() == 100);
      assertThat(taken(log, loud, 10)).isZero();
    } finally {
      held.countDown();
      LOG.detachAppender(slow);
    }
  }

  private static int taken(ProgramLog log, CallableName name, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += log.take(name, said(1)).isEmpty() ? 0 : 1;
    }
    return taken;
  }

  @Test
  void guestWritesNoLinesOfOurs() {
    byte[] text = "a\nERROR b\u001b[31m\\\r\u202e\n".getBytes(StandardCharsets.UTF_8);
    assertThat(ProgramLog.printable(text, text.length))
        .isEqualTo("a\\nERROR b\\u{1b}[31m\\\\\\u{d}\\u{202e}");
    assertThat(ProgramLog.printable(new byte[] {(byte) 0xff, 'x'}, 2)).isEqualTo("\ufffdx");
  }
}
