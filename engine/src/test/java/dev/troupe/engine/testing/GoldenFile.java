package dev.troupe.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A test input that carries its expectation: a module in the text format under {@code
 * engine/src/test/wat}.
 *
 * <pre>
 * ;;! stage = opt
 * (module ...)
 * ;; function 0 "f" (i32) -> (i32) {
 * ;; ...
 * </pre>
 *
 * <p>The header lines set properties; the comment lines at the end of the file are the expectation.
 * With {@code -Dbless} a test writes what it got into the file instead of comparing.
 *
 * @param path the file
 * @param headers the lines that start with {@code ;;!}, in order
 * @param source the text without the expectation
 * @param expectation the lines at the end without their {@code ;; }
 */
public record GoldenFile(Path path, List<String> headers, String source, List<String> expectation) {
  private static final Path FOLDER = Path.of("src/test/wat");
  private static final String HEADER = ";;!";
  private static final String COMMENT = ";;";

  public GoldenFile {
    headers = List.copyOf(headers);
    expectation = List.copyOf(expectation);
  }

  /** All files whose {@code stage} is one of {@code stages}, sorted by path. */
  public static List<GoldenFile> withStage(String... stages) {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".wat"))
          .sorted()
          .map(GoldenFile::read)
          .filter(golden -> List.of(stages).contains(golden.property("stage")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenFile read(Path path) {
    List<String> lines;
    try {
      lines = new ArrayList<>(Files.readAllLines(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).startsWith(COMMENT)) {
      end--;
    }
    List<String> headers = lines.stream().filter(line -> line.startsWith(HEADER)).toList();
    List<String> expectation =
        lines.subList(end, lines.size()).stream()
            .map(line -> line.substring(COMMENT.length()).replaceFirst("^ ", ""))
            .toList();
    return new GoldenFile(
        path, headers, String.join("\n", lines.subList(0, end)) + "\n", expectation);
  }

  /** Name for test reports. */
  public String name() {
    return FOLDER.relativize(path).toString();
  }

  /** The value of {@code name} in the header, or the empty string. */
  public String property(String name) {
    for (String header : headers) {
      int equals = header.indexOf('=');
      if (equals > 0 && header.substring(HEADER.length(), equals).strip().equals(name)) {
        return header.substring(equals + 1).strip();
      }
    }
    return "";
  }

  /** Compares {@code actual} with the expectation, or makes it the expectation. */
  public void check(String actual) {
    List<String> lines = actual.stripTrailing().lines().map(String::stripTrailing).toList();
    if (System.getProperty("bless") == null) {
      assertThat(lines)
          .as("%s: run with -Dbless to accept what changed, and review the difference", path)
          .isEqualTo(expectation);
      return;
    }
    StringBuilder text = new StringBuilder(source);
    for (String line : lines) {
      text.append((COMMENT + " " + line).stripTrailing()).append('\n');
    }
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
