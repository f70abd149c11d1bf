package dev.troupe.engine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The official test scripts as JSON and binaries, unpacked once per build. */
public final class SpecScripts {
  private SpecScripts() {}

  /**
   * One command of a script.
   *
   * @param folder where the script's files are
   * @param fields the command's JSON object
   */
  public record Command(Path folder, Map<String, @Nullable Object> fields) {
    /** A string field; empty when absent. */
    public String text(String field) {
      return fields.get(field) instanceof String value ? value : "";
    }

    public String type() {
      return text("type");
    }

    public int line() {
      return fields.get("line") instanceof Double line ? line.intValue() : 0;
    }

    /** Whether the command comes with a binary module. */
    public boolean hasBinary() {
      return text("module_type").equals("binary");
    }

    /** The reference interpreter's encoding of the module. */
    public Path file() {
      return folder.resolve(text("filename"));
    }

    /** The second encoding, by wasm-tools; may not exist. */
    public Path secondFile() {
      return folder.resolve(text("filename").replaceFirst("\\.wasm$", ".wt.wasm"));
    }
  }

  /** The commands of a script such as {@code core/br.wast}. */
  public static List<Command> commands(String script) {
    String base = script.substring(0, script.length() - ".wast".length());
    Path folder = root().resolve(base);
    Path json = folder.resolve(folder.getFileName() + ".json");
    try {
      Map<String, @Nullable Object> object = Json.parseObject(Files.readString(json));
      List<Command> result = new ArrayList<>();
      if (object.get("commands") instanceof List<?> commands) {
        for (Object command : commands) {
          result.add(new Command(folder, asObject(command)));
        }
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asObject(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new IllegalArgumentException("not a JSON object: " + value);
  }

  /** The unpacked folder; a test that asks for it without {@code tar} and {@code xz} is skipped. */
  public static synchronized Path root() {
    Path archive = Corpora.root().resolve("spec-encodings.tar.xz");
    try {
      Path target = Path.of("target").toAbsolutePath();
      Path unpacked = target.resolve("spec-encodings-" + Files.size(archive));
      if (!Files.isDirectory(unpacked)) {
        Files.createDirectories(target);
        Path fresh = Files.createTempDirectory(target, "unpacking");
        unpack(archive, fresh);
        Files.move(fresh, unpacked, StandardCopyOption.ATOMIC_MOVE);
      }
      return unpacked.resolve("spec-json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(Path archive, Path target) throws IOException {
    String problem;
    try {
      Process tar =
          new ProcessBuilder("tar", "xJf", archive.toString(), "-C", target.toString())
              .inheritIO()
              .start();
      int status = tar.waitFor();
      if (status == 0) {
        return;
      }
      problem = "tar exited with " + status;
    } catch (IOException e) {
      problem = e.toString();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while unpacking", e);
    }
    String message = "SKIPPED: cannot unpack " + archive + " with tar and xz: " + problem;
    System.err.println(message);
    Assumptions.abort(message);
  }
}
