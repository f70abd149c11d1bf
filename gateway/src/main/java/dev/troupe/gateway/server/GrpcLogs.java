package dev.troupe.gateway.server;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what gRPC logs (java.util.logging) into our log. What a client can cause, a broken
 * connection or a message that is too large, is for debugging: otherwise anybody could fill the log
 * with stack traces.
 */
final class GrpcLogs extends Handler {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("io.grpc");

  /** Held, because loggers that nobody holds lose their settings. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private GrpcLogs() {}

  /** Takes the log of gRPC over, once. */
  static synchronized void takeOver() {
    if (GRPC.getUseParentHandlers()) {
      GRPC.setUseParentHandlers(false);
      GRPC.addHandler(new GrpcLogs());
    }
  }

  @Override
  public void publish(LogRecord entry) {
    Throwable cause = entry.getThrown();
    boolean byClient =
        cause instanceof StatusRuntimeException
            || cause instanceof StatusException
            || cause instanceof IOException;
    if (byClient) {
      LOG.debug("{}: {}", entry.getMessage(), cause.toString());
    } else if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      LOG.warn("{}", entry.getMessage(), cause);
    } else {
      LOG.debug("{}", entry.getMessage(), cause);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
