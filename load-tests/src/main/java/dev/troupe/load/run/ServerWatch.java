package dev.troupe.load.run;

import dev.troupe.load.client.Platform;
import io.grpc.StatusRuntimeException;

/** Asks the server for its statistics; a server that does not answer is no reason to stop. */
final class ServerWatch {
  private final Platform platform;
  private final Stage stage;

  ServerWatch(Platform platform, Stage stage) {
    this.platform = platform;
    this.stage = stage;
  }

  ServerFigures now() {
    try {
      return ServerFigures.of(platform.statistics(), stage);
    } catch (StatusRuntimeException e) {
      return ServerFigures.unknown();
    }
  }
}
