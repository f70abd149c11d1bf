package dev.troupe.gateway.client;

import dev.troupe.functions.v1.ProgramSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the world of a WASI program. Together they replace what the function has. */
final class ProgramOptions {
  @Option(
      names = "--arg",
      paramLabel = "TEXT",
      description = "An argument of a WASI program; may be repeated.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of a WASI program; may be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(
      names = "--scratch",
      paramLabel = "BYTES",
      description = "Its directory in memory, / and /tmp (default: 16MiB; 0: none).")
  private @Nullable String scratch;

  @Option(
      names = "--open-files",
      paramLabel = "N",
      description = "Descriptors that it may have open (default: 64).")
  private @Nullable Integer openFiles;

  @Option(
      names = "--written",
      paramLabel = "BYTES",
      description = "What it may write to files and streams in one call (default: no limit).")
  private @Nullable String written;

  /** Whether nothing was named. */
  boolean isEmpty() {
    return arguments.isEmpty()
        && environment.isEmpty()
        && scratch == null
        && openFiles == null
        && written == null;
  }

  /** What was named. */
  ProgramSettings settings() throws ClientCommand.UsageException {
    ProgramSettings.Builder settings = ProgramSettings.newBuilder().addAllArguments(arguments);
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        throw new ClientCommand.UsageException("--env takes NAME=VALUE, not '" + variable + "'");
      }
      settings.putEnvironment(variable.substring(0, equals), variable.substring(equals + 1));
    }
    if (scratch != null) {
      settings.setScratchBytes(Quantities.bytes(scratch));
    }
    if (openFiles != null) {
      settings.setOpenFiles(openFiles);
    }
    if (written != null) {
      settings.setWrittenBytes(Quantities.bytes(written));
    }
    return settings.build();
  }
}
