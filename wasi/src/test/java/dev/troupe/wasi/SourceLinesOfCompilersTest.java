package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.profile.SourceLines;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines in modules of clang, rustc and TinyGo; places are those that llvm-dwarfdump 16 prints. */
class SourceLinesOfCompilersTest {
  @ParameterizedTest
  @CsvSource({
    "wasi/c/lseek.wasm, 1833, cloudlibc/src/libc/unistd/lseek.c:26",
    "wasi/c/lseek.wasm, 1845, cloudlibc/src/libc/unistd/lseek.c:27",
    "wasi/rust/path_link.wasm, 42163, library/std/src/sync/once_lock.rs:533",
    "wasi/rust/path_link.wasm, 42187, library/std/src/sys/sync/once/no_threads.rs:102",
    "programs/sightglass/tinygo/tinygo-json.wasm, 88892, /usr/src/json/main.go:68",
    "programs/sightglass/tinygo/tinygo-json.wasm, 89023, /usr/src/json/main.go:75",
  })
  void placesAreFound(String file, int offset, String place) throws IOException {
    byte[] wasm = Files.readAllBytes(Corpus.folder(".").resolve(file));
    assertThat(String.valueOf(SourceLines.of(wasm).at(offset))).endsWith(place);
  }

  @ParameterizedTest
  @CsvSource({"wasi/c", "wasi/rust"})
  void everyProgramThatTellsItsLinesHasThem(String folder) throws IOException {
    int found = 0;
    for (var file : Corpus.files(folder, ".wasm")) {
      byte[] wasm = Files.readAllBytes(file);
      SourceLines lines = SourceLines.of(wasm);
      assertThat(lines.isEmpty()).as(file.toString()).isFalse();
      found +=
          Stream.iterate(0, at -> at < wasm.length, at -> at + 1)
                  .anyMatch(at -> lines.at(at) != null)
              ? 1
              : 0;
    }
    assertThat(found).isGreaterThan(10);
  }
}
