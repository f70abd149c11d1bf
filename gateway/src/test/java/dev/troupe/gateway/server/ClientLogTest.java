package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nothing that a client does fills the log. */
class ClientLogTest {
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  private final TestServer server;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  ClientLogTest(@TempDir Path data) {
    server = TestServer.start(data);
  }

  @BeforeEach
  void listen() {
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    ROOT.addAppender(log);
  }

  @AfterEach
  void stop() {
    ROOT.detachAppender(log);
    server.close();
  }

  private List<String> loud() {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(event -> event + " " + event.getThrowableProxy())
        .toList();
  }

  @Test
  void clientThatCancelsInTheMiddleOfAnAnswerIsNotLogged() throws Exception {
    var _ = server.createTenant("acme", TenantQuotas.newBuilder());
    var _ = server.deploy("acme", "endless", Programs.ENDLESS);
    ManagedChannel narrow =
        NettyChannelBuilder.forTarget(server.server.address())
            .usePlaintext()
            .flowControlWindow(65_535)
            .build();
    for (int round = 0; round < 10; round++) {
      var call = InvocationServiceGrpc.newBlockingV2Stub(narrow).invokeStream();
      boolean _ =
          call.write(
              InvokeStreamRequest.newBuilder()
                  .setStart(
                      InvokeRequest.newBuilder()
                          .setName("tenants/acme/functions/endless")
                          .setPayload(ByteString.copyFromUtf8("\1")))
                  .build());
      assertThat(call.read()).isNotNull();
      // More is written than the client takes: that is pending when it goes.
      await().until(() -> server.statistics().getFibers().getParked() == 1);
      call.cancel("enough", null);
      await().until(() -> server.usage("acme").getConcurrency() == 0);
    }
    narrow.shutdownNow();
    assertThat(loud()).isEmpty();
  }

  @Test
  void garbageIsNotLogged() throws IOException {
    String address = server.server.address();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    List<String> garbage =
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\1\11\0\0\0\0\1\377");
    for (String text : garbage) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        var _ = socket.getInputStream().readAllBytes();
      } catch (SocketException reset) {
        // That is an answer, too.
      }
    }
    assertThat(loud()).isEmpty();
  }

  @Test
  void bugOfOursIsLoggedWithItsStackTrace() {
    LogRecord bug = new LogRecord(java.util.logging.Level.WARNING, "bug");
    bug.setThrown(new IllegalStateException("ours"));
    new GrpcLogs().publish(bug);
    assertThat(loud()).singleElement().asString().contains("bug");
    assertThat(log.list)
        .anySatisfy(event -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo("ours"));
  }
}
