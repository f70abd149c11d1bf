package dev.troupe.gateway.cli;

import dev.troupe.engine.ImportType;
import dev.troupe.engine.Module;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.nio.file.Path;
import java.util.List;

/** What a command line gives to a guest that imports WASI: {@code --dir} and {@code --env}. */
final class WasiOptions {
  private static final String SEPARATOR = "::";
  private static final String READ_ONLY = ":ro";

  private WasiOptions() {}

  /** Whether the module needs it; most start faster without. */
  static boolean importsWasi(Module module) {
    for (ImportType wanted : module.imports()) {
      // A constant: the class itself is not loaded for it.
      if (wanted.module().equals(Wasi.MODULE)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Arguments, environment and folders of the guest.
   *
   * @param file the module, whose name is the first argument
   */
  static WasiContext.Builder builder(Options options, Path file, List<String> arguments)
      throws UsageException {
    WasiContext.Builder builder = WasiContext.builder();
    Path name = file.getFileName();
    builder.arguments(List.of(name == null ? file.toString() : name.toString()));
    builder.moreArguments(arguments);
    for (String folder : options.values("--dir")) {
      int separator = folder.indexOf(SEPARATOR);
      String host = separator < 0 ? folder : folder.substring(0, separator);
      String guest = separator < 0 ? folder : folder.substring(separator + SEPARATOR.length());
      boolean readOnly = separator >= 0 && guest.endsWith(READ_ONLY);
      if (readOnly) {
        guest = guest.substring(0, guest.length() - READ_ONLY.length());
      }
      if (host.isEmpty() || guest.isEmpty()) {
        throw new UsageException("--dir takes HOST::GUEST or HOST::GUEST:ro, not '" + folder + "'");
      }
      if (readOnly) {
        builder.preopenReadOnly(Path.of(host), guest);
      } else {
        builder.preopen(Path.of(host), guest);
      }
    }
    for (String variable : options.values("--env")) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("--env takes NAME=VALUE, not '" + variable + "'");
      }
      builder.environment(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return builder;
  }
}
