package dev.troupe.gateway.cli;

import dev.troupe.engine.ImportType;
import dev.troupe.engine.Module;
import dev.troupe.wasi.MemoryFiles;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command line gives to a guest that imports WASI: folders, environment, streams. */
final class WasiOptions {
  private static final String SEPARATOR = "::";
  private static final String READ_ONLY = ":ro";

  /** What a guest may write over a folder, and look at in it. */
  private static final long OVERLAY_BYTES = 256L << 20;

  private static final int OVERLAY_NAMES = 100_000;

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
      boolean readOnly = folder.endsWith(READ_ONLY);
      String names = readOnly ? folder.substring(0, folder.length() - READ_ONLY.length()) : folder;
      Folder named = Folder.of("--dir", names);
      if (readOnly) {
        builder.preopenReadOnly(named.host(), named.guest());
      } else {
        builder.preopen(named.host(), named.guest());
      }
    }
    for (String folder : options.values("--overlay")) {
      Folder named = Folder.of("--overlay", folder);
      if (!Files.isDirectory(named.host())) {
        throw new UsageException("--overlay: there is no folder " + named.host());
      }
      builder.preopen(MemoryFiles.over(named.host(), OVERLAY_BYTES, OVERLAY_NAMES), named.guest());
    }
    environment(options).forEach(builder::environment);
    return builder;
  }

  /**
   * Finds mistakes in what a guest does not see that imports no WASI: nobody should learn of them
   * from the next guest.
   */
  static void check(Options options, Path file) throws UsageException, IOException {
    if (options.has("--dir")
        || options.has("--overlay")
        || options.has("--env")
        || options.has("--stdin")) {
      streams(options, builder(options, file, List.of())).build().close();
    }
  }

  /** The standard streams of this process, or the file that takes the place of the input. */
  static WasiContext.Builder streams(Options options, WasiContext.Builder builder) {
    builder.inheritStdio();
    String input = options.value("--stdin");
    return input == null ? builder : builder.stdin(Path.of(input));
  }

  /** A folder of the host and the name by which the guest knows it. */
  private record Folder(Path host, String guest) {
    static Folder of(String option, String text) throws UsageException {
      int separator = text.indexOf(SEPARATOR);
      String host = separator < 0 ? text : text.substring(0, separator);
      String guest = separator < 0 ? text : text.substring(separator + SEPARATOR.length());
      if (host.isEmpty() || guest.isEmpty()) {
        throw new UsageException(option + " takes HOST or HOST::GUEST, not '" + text + "'");
      }
      return new Folder(Path.of(host), guest);
    }
  }

  private static Map<String, String> environment(Options options) throws UsageException {
    Map<String, String> variables = new LinkedHashMap<>();
    if (options.has("--inherit-env")) {
      variables.putAll(System.getenv());
    }
    for (String variable : options.values("--env")) {
      int equals = variable.indexOf('=');
      if (equals == 0 || variable.isEmpty()) {
        throw new UsageException("--env takes NAME=VALUE or NAME, not '" + variable + "'");
      }
      if (equals > 0) {
        variables.put(variable.substring(0, equals), variable.substring(equals + 1));
      } else {
        String inherited = System.getenv(variable);
        if (inherited != null) {
          variables.put(variable, inherited);
        }
      }
    }
    return variables;
  }
}
