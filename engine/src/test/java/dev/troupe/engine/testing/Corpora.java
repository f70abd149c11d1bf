package dev.troupe.engine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Where the test corpora are: {@code $TROUPE_CORPORA}, else {@code ../shared/corpora}. */
public final class Corpora {
  private Corpora() {}

  /** The corpora's folder; a test that asks for it in vain is skipped, loudly. */
  public static Path root() {
    Path root = find();
    if (root == null) {
      String message =
          "SKIPPED: test corpora missing; put them at ../shared/corpora beside the repository"
              + " or set TROUPE_CORPORA";
      System.err.println(message);
      Assumptions.abort(message);
      throw new AssertionError("unreachable");
    }
    return root;
  }

  private static @Nullable Path find() {
    String configured = System.getenv("TROUPE_CORPORA");
    if (configured != null) {
      Path path = Path.of(configured);
      return Files.isDirectory(path.resolve("spec")) ? path : null;
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path parent = at.getParent();
      if (Files.exists(at.resolve("mvnw")) && parent != null) {
        Path path = parent.resolve("shared/corpora");
        return Files.isDirectory(path.resolve("spec")) ? path : null;
      }
    }
    return null;
  }

  /** All files below a folder of the corpora whose name ends like this, sorted. */
  public static List<Path> files(String folder, String suffix) {
    try (Stream<Path> walk = Files.walk(root().resolve(folder))) {
      return walk.filter(path -> path.getFileName().toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The scripts that need only WebAssembly 2.0 without vectors, such as {@code core/br.wast}. */
  public static List<String> scalarScripts() {
    return list("spec/SCALAR.txt");
  }

  /** The scripts that need memory64, tables of that kind or several memories in addition. */
  public static List<String> memoryScripts() {
    return list("spec/MEMORY.txt");
  }

  /** The scripts about tail calls. */
  public static List<String> tailCallScripts() {
    return List.of("core/return_call.wast", "core/return_call_indirect.wast");
  }

  /** All scripts in a folder of the specification such as {@code core}, folders in it included. */
  public static List<String> scripts(String folder) {
    Path spec = root().resolve("spec");
    return files("spec/" + folder, ".wast").stream()
        .map(path -> spec.relativize(path).toString())
        .toList();
  }

  /** The scripts about vectors, relaxed ones included. */
  public static List<String> vectorScripts() {
    return Stream.of("core/simd", "core/relaxed-simd")
        .flatMap(folder -> scripts(folder).stream())
        .toList();
  }

  private static List<String> list(String file) {
    try {
      return Files.readAllLines(root().resolve(file)).stream()
          .map(String::strip)
          .filter(line -> line.endsWith(".wast"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
