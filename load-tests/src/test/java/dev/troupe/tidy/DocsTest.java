package dev.troupe.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say exists, exists: links, packages, classes, settings, examples, decisions. */
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = ROOT.resolve("docs");
  private static final int MAX_ARCHITECTURE_LINES = 220;
  private static final String QUICK_START = "<!-- quick-start -->\n```sh\n";

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern NAME = Pattern.compile("\\bdev\\.troupe(\\.[A-Za-z0-9_]+)+");
  private static final Pattern FENCE = Pattern.compile("(?ms)^\\s*```(\\w*)\n(.*?)^\\s*```\\s*$");
  private static final Pattern DECISION = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.md");
  private static final Pattern SETTING_ROW = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `");

  /** Every page of the repository. */
  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(DOCS)) {
      List<Path> pages =
          Stream.concat(top, docs)
              .filter(file -> file.toString().endsWith(".md"))
              .sorted()
              .toList();
      assertThat(pages).hasSizeGreaterThan(10);
      return pages;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void linksResolve() throws IOException {
    Set<String> dangling = new TreeSet<>();
    for (Path page : pages()) {
      String text = FENCE.matcher(read(page)).replaceAll("");
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        String target = link.group(1);
        if (target.contains("://") || target.startsWith("mailto:") || target.startsWith("#")) {
          continue;
        }
        String file = target.contains("#") ? target.substring(0, target.indexOf('#')) : target;
        if (!Files.exists(page.resolveSibling(file))) {
          dangling.add(ROOT.relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(dangling).isEmpty();
  }

  @Test
  void namedPackagesAndClassesExist() throws IOException {
    Set<String> unknown = new TreeSet<>();
    for (Path page : pages()) {
      for (MatchResult name : NAME.matcher(read(page)).results().toList()) {
        if (!exists(name.group())) {
          unknown.add(ROOT.relativize(page) + ": " + name.group());
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static boolean exists(String name) {
    String path = name.replace('.', '/');
    for (String module : Floors.MODULES) {
      for (String folder : List.of("src/main/java", "src/test/java", "src/main/protobuf")) {
        Path sources = ROOT.resolve(module).resolve(folder);
        if (Files.isDirectory(sources.resolve(path))
            || Files.exists(sources.resolve(path + ".java"))) {
          return true;
        }
      }
    }
    return isProtocolName(name);
  }

  /** A service or message such as {@code dev.troupe.functions.v1.InvocationService}. */
  private static boolean isProtocolName(String name) {
    int dot = name.lastIndexOf('.');
    Path folder =
        ROOT.resolve("proto/src/main/protobuf").resolve(name.substring(0, dot).replace('.', '/'));
    if (!Files.isDirectory(folder)) {
      return false;
    }
    Pattern definition =
        Pattern.compile("(?m)^(service|message|enum) " + name.substring(dot + 1) + " \\{");
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> definition.matcher(read(file)).find());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void architectureFitsOnFourPages() {
    assertThat(read(DOCS.resolve("ARCHITECTURE.md")).lines().count())
        .isLessThanOrEqualTo(MAX_ARCHITECTURE_LINES);
  }

  @Test
  void decisionsAreNumberedWithoutGapsAndComplete() throws IOException {
    List<Path> decisions;
    try (Stream<Path> files = Files.list(DOCS.resolve("adr"))) {
      decisions =
          files
              .filter(file -> !file.getFileName().toString().equals("README.md"))
              .sorted()
              .toList();
    }
    String index = read(DOCS.resolve("adr/README.md"));
    for (int i = 0; i < decisions.size(); i++) {
      String file = decisions.get(i).getFileName().toString();
      Matcher name = DECISION.matcher(file);
      assertThat(name.matches()).as("name of %s", file).isTrue();
      String number = "%04d".formatted(i + 1);
      assertThat(name.group(1)).as("number of %s", file).isEqualTo(number);
      assertThat(read(decisions.get(i)))
          .as(file)
          .startsWith("# " + number + ". ")
          .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n", "\n## Evidence\n");
      assertThat(index).as("index of decisions").contains("(" + file + ")");
    }
    assertThat(decisions).hasSizeGreaterThan(15);
  }

  @Test
  void thereIsOneQuickStart() {
    String readme = read(ROOT.resolve("README.md"));
    assertThat(readme).containsOnlyOnce(QUICK_START);
    String block = readme.substring(readme.indexOf(QUICK_START) + QUICK_START.length());
    for (String file : block.substring(0, block.indexOf("\n```")).split("\\s+")) {
      if (file.endsWith(".wat")) {
        assertThat(ROOT.resolve(file)).exists();
      }
    }
  }

  /** The examples of the page are compiled and run as a test. */
  @Test
  void embeddingExamplesAreThoseOfTheTest() {
    Path test = ROOT.resolve("engine/src/test/java/dev/troupe/engine/EmbeddingExamplesTest.java");
    String tested = lines(read(test));
    List<String> examples = new ArrayList<>();
    for (MatchResult fence : FENCE.matcher(read(DOCS.resolve("EMBEDDING.md"))).results().toList()) {
      if (fence.group(1).equals("java")) {
        examples.add(lines(fence.group(2)));
      }
    }
    assertThat(examples).hasSizeGreaterThan(4).allSatisfy(e -> assertThat(tested).contains(e));
  }

  private static String lines(String text) {
    return String.join("\n", text.lines().map(String::strip).toList());
  }

  @Test
  void everySettingIsDocumentedWithItsDefault() {
    Set<String> documented = new TreeSet<>();
    String page = read(DOCS.resolve("CONFIGURATION.md"));
    SETTING_ROW.matcher(page).results().forEach(row -> documented.add(row.group(1)));
    Set<String> settings =
        settings(read(ROOT.resolve("gateway/src/main/resources/reference.conf")));
    assertThat(settings).hasSizeGreaterThan(10);
    // The two blocks of limits have the keys of the quotas, which have a table of their own.
    for (String block : List.of("limits.", "quotas.")) {
      assertThat(page).contains("| `" + block + "*` |");
      for (String setting : settings) {
        if (setting.startsWith(block)) {
          String quota = setting.substring(block.length()).split("\\.", -1)[0].replace('-', '_');
          assertThat(page).as("row of quota %s", quota).contains("| `" + quota + "` |");
        }
      }
      settings.removeIf(setting -> setting.startsWith(block));
    }
    assertThat(documented).isEqualTo(settings);
  }

  /** The paths below {@code troupe} in a file that uses braces and simple keys only. */
  private static Set<String> settings(String hocon) {
    Set<String> paths = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>();
    for (String raw : hocon.lines().toList()) {
      String line = raw.strip();
      if (line.endsWith("{")) {
        open.addLast(line.substring(0, line.length() - 1).strip());
      } else if (line.equals("}")) {
        open.removeLast();
      } else if (line.contains("=") && !line.startsWith("#") && "troupe".equals(open.peekFirst())) {
        List<String> path = new ArrayList<>(open);
        path.add(line.substring(0, line.indexOf('=')).strip());
        paths.add(String.join(".", path.subList(1, path.size())));
      }
    }
    return paths;
  }

  /** The rules that people are told are those that are checked. */
  @Test
  void floorsAreDrawnInTheArchitecture() {
    String page = read(DOCS.resolve("ARCHITECTURE.md"));
    List<String> floors =
        Floors.ENGINE_FLOORS.keySet().stream()
            .map(name -> name.substring("dev.troupe.engine.".length()).split("\\.", -1)[0])
            .distinct()
            .sorted()
            .toList();
    assertThat(Arrays.asList(page.split("[^a-z]+"))).containsAll(floors);
  }
}
