package dev.troupe.gateway.server;

import dev.troupe.actors.port.ProgramSettings;
import java.util.TreeMap;

/** Settings of programs between the protocol and the actors. */
final class ProgramMessages {
  private ProgramMessages() {}

  static dev.troupe.functions.v1.ProgramSettings toMessage(ProgramSettings settings) {
    var message =
        dev.troupe.functions.v1.ProgramSettings.newBuilder()
            .addAllArguments(settings.arguments())
            .putAllEnvironment(settings.environment())
            .setScratchBytes(settings.scratchBytes())
            .setOpenFiles(settings.openFiles());
    if (settings.writtenBytes() != Long.MAX_VALUE) {
      message.setWrittenBytes(settings.writtenBytes());
    }
    return message.build();
  }

  /** What is absent has its default. */
  static ProgramSettings settings(dev.troupe.functions.v1.ProgramSettings message) {
    ProgramSettings defaults = ProgramSettings.DEFAULT;
    try {
      return new ProgramSettings(
          message.getArgumentsList(),
          new TreeMap<>(message.getEnvironmentMap()),
          message.hasScratchBytes() ? message.getScratchBytes() : defaults.scratchBytes(),
          message.hasOpenFiles() ? message.getOpenFiles() : defaults.openFiles(),
          message.hasWrittenBytes() ? message.getWrittenBytes() : defaults.writtenBytes());
    } catch (IllegalArgumentException e) {
      throw Statuses.invalidArgument("program", String.valueOf(e.getMessage()));
    }
  }
}
