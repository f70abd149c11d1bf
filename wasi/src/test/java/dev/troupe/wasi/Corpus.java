package dev.troupe.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where the test corpora are: {@code $TROUPE_CORPORA}, else beside the repository. */
final class Corpus {
  private Corpus() {}

  /** A folder of the corpora; a test that asks for it in vain is skipped, loudly. */
  static Path folder(String name) {
    String configured = System.getenv("TROUPE_CORPORA");
    Path corpora =
        configured == null
            ? Path.of("../../shared/corpora").toAbsolutePath().normalize()
            : Path.of(configured);
    Path folder = corpora.resolve(name);
    boolean there = Files.isDirectory(folder);
    if (!there) {
      System.err.println("SKIPPED: test corpora missing at " + folder + "; set TROUPE_CORPORA");
    }
    Assumptions.assumeTrue(there, "corpora missing");
    return folder;
  }

  /** All files below a folder of the corpora whose name ends like this, sorted. */
  static List<Path> files(String name, String suffix) throws IOException {
    try (Stream<Path> walk = Files.walk(folder(name))) {
      return walk.filter(file -> file.getFileName().toString().endsWith(suffix)).sorted().toList();
    }
  }
}
