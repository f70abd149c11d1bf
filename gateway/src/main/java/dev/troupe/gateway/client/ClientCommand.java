package dev.troupe.gateway.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.troupe.gateway.cli.ValueText;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * What every command that talks to a server has in common: where the server is, how answers are
 * printed, and how failures become one sentence and an exit status.
 */
abstract class ClientCommand implements Callable<Integer> {
  /** The address that {@code serve} listens on unless configured otherwise. */
  static final String DEFAULT_SERVER = "127.0.0.1:7171";

  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "${TROUPE_SERVER:-" + DEFAULT_SERVER + "}",
      description = "The server's address (default: $TROUPE_SERVER or " + DEFAULT_SERVER + ").")
  String server = DEFAULT_SERVER;

  @Option(names = "--json", description = "Print the answer as JSON.")
  boolean json;

  @Option(names = "--verbose", description = "Show stack traces of errors.")
  boolean verbose;

  /** A mistake of the user that was found before the server was asked. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  /** Asks the server and prints the answer; returns the exit status. */
  abstract int ask(ManagedChannel channel, PrintStream out)
      throws UsageException,
          ValueText.BadValueException,
          StatusException,
          IOException,
          InterruptedException;

  @Override
  public final Integer call() {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(server)
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    try {
      return ask(channel, System.out);
    } catch (StatusRuntimeException e) {
      return fail(StatusText.sentence(e.getStatus(), e, server), e);
    } catch (StatusException e) {
      return fail(StatusText.sentence(e.getStatus(), e, server), e);
    } catch (UsageException | ValueText.BadValueException | IOException e) {
      String message = e.getMessage();
      return fail(message == null ? e.toString() : message, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e);
    } finally {
      channel.shutdownNow();
      try {
        boolean ended = channel.awaitTermination(2, TimeUnit.SECONDS);
        if (!ended && verbose) {
          System.err.println("troupe: the connection did not close in time");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private int fail(String sentence, Exception cause) {
    System.err.println("troupe: " + sentence);
    if (verbose) {
      cause.printStackTrace(System.err);
    }
    return 1;
  }

  /** A message as indented JSON. */
  static String toJson(Message message) throws IOException {
    try {
      return JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("the answer cannot be shown as JSON", e);
    }
  }

  /** {@code acme} or {@code tenants/acme} as a resource name. */
  static String tenantName(String idOrName) {
    return idOrName.startsWith("tenants/") ? idOrName : "tenants/" + idOrName;
  }

  /**
   * {@code acme/hash}, {@code acme/hash@version} or a full resource name as a resource name.
   *
   * @throws UsageException when it is none of these
   */
  static String functionName(String text) throws UsageException {
    if (text.startsWith("tenants/")) {
      return text;
    }
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new UsageException(
          "'" + text + "' names no function: write TENANT/FUNCTION, for example acme/hash");
    }
    int at = parts[1].indexOf('@');
    String function = at < 0 ? parts[1] : parts[1].substring(0, at);
    String name = "tenants/" + parts[0] + "/functions/" + function;
    return at < 0 ? name : name + "/versions/" + parts[1].substring(at + 1);
  }
}
