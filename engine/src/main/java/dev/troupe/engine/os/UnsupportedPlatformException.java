package dev.troupe.engine.os;

/** This machine cannot run native guest code. The message is one sentence for the user. */
public final class UnsupportedPlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedPlatformException(String message) {
    super(message);
  }
}
