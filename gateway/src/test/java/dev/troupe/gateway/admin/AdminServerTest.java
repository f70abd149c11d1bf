package dev.troupe.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.gateway.admin.HealthPages.Component;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pages, and clients that mean no good. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminServerTest {
  private final AtomicReference<List<Component>> components = new AtomicReference<>(List.of());
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeAll
  void start() throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new AdminServer.Limits(32, Duration.ofSeconds(10)),
            new Router(
                Map.of(
                    "/health/live", HealthPages.live(),
                    "/health/ready", HealthPages.ready(components::get),
                    "/broken",
                        () -> {
                          throw new IllegalStateException("as wished");
                        })));
  }

  @AfterAll
  void stop() {
    server.close();
    client.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void readinessNamesWhatIsNotReadyAndWhy() throws Exception {
    components.set(List.of(new Component("a", true, "fine")));
    assertThat(ask("GET", "/health/ready").statusCode()).isEqualTo(200);
    components.set(
        List.of(new Component("a", true, "fine"), new Component("b", false, "it \"hurts\"")));
    HttpResponse<String> down = ask("GET", "/health/ready");
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body())
        .contains("{\"name\":\"b\",\"status\":\"DOWN\",\"reason\":\"it \\\"hurts\\\"\"}");
    assertThat(ask("GET", "/health/live").body()).isEqualTo("{\"status\":\"UP\"}\n");
  }

  @Test
  void unknownPagesWrongMethodsAndBugsAreAnswered() throws Exception {
    HttpResponse<String> unknown = ask("GET", "/nothing");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("/health/live");
    assertThat(ask("POST", "/health/live").statusCode()).isEqualTo(405);
    assertThat(ask("HEAD", "/health/live").body()).isEmpty();
    assertThat(ask("GET", "/broken").statusCode()).isEqualTo(500);
  }

  @Test
  void requestThatNeverEndsIsCutOff() throws IOException {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      slow.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost:".getBytes(US));
      slow.setSoTimeout(60_000);
      assertThat(isCutOff(slow)).isTrue();
    }
  }

  @Test
  void hugeHeadersAreRefused() throws IOException {
    try (Socket huge = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      huge.setSoTimeout(60_000);
      StringBuilder request = new StringBuilder("GET /health/live HTTP/1.1\r\nHost: x\r\n");
      for (int i = 0; i < 100; i++) {
        request.append("X-").append(i).append(": ").append("y".repeat(1000)).append("\r\n");
      }
      try {
        huge.getOutputStream().write(request.append("\r\n").toString().getBytes(US));
      } catch (SocketException closedAlready) {
        return;
      }
      String answer = new String(readAll(huge), US);
      assertThat(answer).doesNotContain("200 OK");
    }
  }

  @Test
  void connectionsAreBoundedAndTheOthersAreServed() throws Exception {
    List<Socket> idle = new ArrayList<>();
    int cutOff = 0;
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        idle.add(socket);
      }
      // Those beyond the limit are closed at once, the others when their requests do not come.
      for (Socket socket : idle) {
        cutOff += isCutOff(socket) ? 1 : 0;
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    assertThat(cutOff).isEqualTo(60);
    assertThat(ask("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  private static final java.nio.charset.Charset US = StandardCharsets.US_ASCII;

  /** Waits for the end of the stream, by close or reset. */
  private static boolean isCutOff(Socket socket) throws IOException {
    try {
      byte[] unused = readAll(socket);
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static byte[] readAll(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return in.readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }
}
