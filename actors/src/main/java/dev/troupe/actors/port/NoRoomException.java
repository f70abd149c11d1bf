package dev.troupe.actors.port;

/** The server has no room for what it is asked to load: worth another try later. */
public final class NoRoomException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says what there is no room in. */
  public NoRoomException(String message, Throwable cause) {
    super(message, cause);
  }
}
