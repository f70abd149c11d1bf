package dev.troupe.gateway.server;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.codec.CodecException;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what gRPC logs (java.util.logging) into our log. What a client can cause, a broken
 * connection, a message that is too large, an answer that it does not wait for, is for debugging:
 * otherwise anybody could fill the log with stack traces.
 */
final class GrpcLogs extends Handler {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("io.grpc");

  /** Held, because loggers that nobody holds lose their settings. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private static final int MOST_CAUSES = 10;

  GrpcLogs() {}

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
    if (cause != null && isByClient(cause)) {
      LOG.debug("{}: {}", entry.getMessage(), cause.toString());
    } else if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      LOG.warn("{}", entry.getMessage(), cause);
    } else {
      LOG.debug("{}", entry.getMessage(), cause);
    }
  }

  /**
   * Whether a client can bring it about: by its going, by what it sends, or by not taking what was
   * written to it.
   */
  private static boolean isByClient(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      if (cause instanceof StatusRuntimeException
          || cause instanceof StatusException
          || cause instanceof IOException
          || cause instanceof Http2Exception
          || cause instanceof CodecException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
