package dev.troupe.gateway.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link Router} over HTTP: the JDK's server, one virtual thread for each request. The JDK
 * closes connections whose request does not come or whose answer does not go in time, and those
 * beyond the limit.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int HEADER_BYTES = 16 << 10;
  private static final int HEADERS = 64;
  private static final int BACKLOG = 16;

  private final HttpServer http;
  private final ExecutorService threads;

  private AdminServer(HttpServer http, ExecutorService threads) {
    this.http = http;
    this.threads = threads;
  }

  /**
   * Limits of connections. The JDK knows them as system properties, read once: those that are set
   * already stay, and the first server's hold for the whole process.
   *
   * @param connections connections at once
   * @param timeout for a request to come, and for its answer to go
   */
  public record Limits(int connections, Duration timeout) {
    private void apply() {
      String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
      Map<String, String> properties =
          Map.of(
              "jdk.httpserver.maxConnections",
              Integer.toString(connections),
              "sun.net.httpserver.maxReqTime",
              seconds,
              "sun.net.httpserver.maxRspTime",
              seconds,
              "sun.net.httpserver.idleInterval",
              seconds,
              "sun.net.httpserver.timerMillis",
              "1000",
              "sun.net.httpserver.maxReqHeaders",
              Integer.toString(HEADERS),
              "sun.net.httpserver.maxReqHeaderSize",
              Integer.toString(HEADER_BYTES));
      properties.forEach((name, value) -> {
        if (System.getProperty(name) == null) {
          System.setProperty(name, value);
        }
      });
    }
  }

  /**
   * Listens.
   *
   * @throws IOException when the address is not ours or the port is taken
   */
  public static AdminServer start(InetSocketAddress address, Limits limits, Router router)
      throws IOException {
    limits.apply();
    HttpServer http = HttpServer.create(address, BACKLOG);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("troupe-admin-", 0).factory());
    http.setExecutor(threads);
    http.createContext("/", exchange -> answer(exchange, router));
    http.start();
    return new AdminServer(http, threads);
  }

  private static void answer(HttpExchange exchange, Router router) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      Page.Answer answer;
      try {
        answer = router.route(method, exchange.getRequestURI().getPath());
      } catch (RuntimeException e) {
        LOG.error("the page {} failed", exchange.getRequestURI().getPath(), e);
        exchange.sendResponseHeaders(500, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      if (method.equals("HEAD")) {
        exchange.sendResponseHeaders(answer.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(answer.body());
      }
    }
  }

  /** The port that it listens on. */
  public int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
