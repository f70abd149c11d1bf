package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The encodings of two independent encoders against each other and ours, and the printer against
 * all.
 *
 * <p>Modules are compared as printed text, in which {@link #canonical} makes one of what encoders
 * are free to choose:
 *
 * <ul>
 *   <li>how integers are padded, and that a group of one type may be written as a type: text has
 *       neither;
 *   <li>element segments as function indexes or as {@code ref.func} expressions;
 *   <li>an {@code else} with nothing behind it, a null as the initial value of a table;
 *   <li>the order of the function types that the text does not define: those and their uses are
 *       replaced by their signatures;
 *   <li>names and branch hints, which only one of the encoders writes; other custom sections are
 *       compared.
 * </ul>
 */
class SpecEncodingsTest {
  /** Pairs in the archive, of {@code NAME.wasm} and {@code NAME.wt.wasm}. */
  private static final int PAIRS = 5_127;

  private static final String SECOND = ".wt.wasm";

  /**
   * What the two encoders understand differently, so that there are two modules: which of several
   * types an inline signature means; and lane numbers out of range, which one writes in two bytes.
   */
  private static final Pattern DISAGREE =
      Pattern.compile(
          "type-subtyping\\.3[01]\\.|type-rec\\.(4|19|20)\\.|simd_lane\\.(3[02468]|4[02468]|5[0246]|96)\\.");

  @TempDir private Path folder;

  @Test
  void pairsDecodeToEqualModules() throws IOException, InterruptedException {
    Path root = unpackEncodings();
    List<String> problems = new ArrayList<>();
    int pairs = 0;
    for (Path second : files(root, SECOND)) {
      String name = second.getFileName().toString();
      String base = name.substring(0, name.length() - SECOND.length());
      byte[] one = Files.readAllBytes(second.resolveSibling(base + ".wasm"));
      byte[] other = Files.readAllBytes(second);
      try {
        boolean same = canonical(one).equals(canonical(other));
        if (same == DISAGREE.matcher(second.toString()).find()) {
          problems.add(
              root.relativize(second) + (same ? " equals" : " differs from") + " the other");
        }
        Path text = second.resolveSibling(base + ".wat");
        String ours = canonical(Wat.toBinary(Files.readAllBytes(text)));
        if (!ours.equals(canonical(one)) && !ours.equals(canonical(other))) {
          problems.add(root.relativize(text) + " differs from both encodings");
        }
        for (byte[] binary : List.of(one, other)) {
          String printed = withoutNulls(Wat.print(decode(binary)));
          if (!Wat.print(decode(Wat.toBinary(printed))).equals(printed)) {
            problems.add(root.relativize(second) + " changes when it is printed and read");
          }
        }
        pairs++;
      } catch (WasmException e) {
        problems.add(root.relativize(second) + ": " + e);
      }
    }
    assertThat(problems).isEmpty();
    assertThat(pairs).isEqualTo(PAIRS);
  }

  @Test
  void realProgramsSurvivePrinting() throws IOException {
    int programs = 0;
    for (Path file : Corpora.files("programs", ".wasm")) {
      if (Files.size(file) > 1_000_000) {
        continue;
      }
      WasmModule module;
      try {
        module = decode(Files.readAllBytes(file));
      } catch (FeatureDisabledException e) {
        continue;
      }
      String printed = Wat.print(module);
      assertThat(Wat.print(decode(Wat.toBinary(printed)))).as(file.toString()).isEqualTo(printed);
      programs++;
    }
    assertThat(programs).isGreaterThan(15);
  }

  /** Unpacks the reference encodings, which come in a format that Java cannot read. */
  private Path unpackEncodings() throws IOException, InterruptedException {
    Path archive = Corpora.root().resolve("spec-encodings.tar.xz");
    Process tar =
        new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).as("tar -xJf " + archive).isZero();
    return folder.resolve("spec-json");
  }

  private static List<Path> files(Path root, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static final Pattern FUNCTION_TYPE =
      Pattern.compile("(?m)^  \\(type \\(;(\\d+);\\) \\((func.*)\\)\\)$\n");
  private static final Pattern TYPE_USE = Pattern.compile("\\(type (\\d+)\\)");

  /** Tables start with null, whether they say it or not. */
  private static String withoutNulls(String text) {
    return text.replaceAll("(?m)^(  \\(table .*) ref\\.null [\\w$]+(?=\\)+$)", "$1");
  }

  /** As the class says. */
  private static String canonical(byte[] binary) {
    String text =
        Wat.print(decode(withoutNames(binary)))
            .replaceAll("\\(item ref\\.func (\\d+)\\)", "$1")
            .replaceAll("(?m)^(  \\(elem .*) (?:funcref|\\(ref func\\))( \\d+)", "$1 func$2")
            .replaceAll("\\n *else(?=\\n *end)", "");
    text = withoutNulls(text);
    Map<String, String> signatures = new HashMap<>();
    Matcher types = FUNCTION_TYPE.matcher(text);
    while (types.find()) {
      signatures.put(types.group(1), types.group(2));
    }
    String rest =
        TYPE_USE
            .matcher(types.replaceAll(""))
            .replaceAll(use ->
                Matcher.quoteReplacement(signatures.getOrDefault(use.group(1), use.group())));
    return signatures.values().stream().sorted().toList() + rest;
  }

  private static WasmModule decode(byte[] binary) {
    return ModuleDecoder.decode(binary, WasmFeatures.ALL, WasmLimits.DEFAULT);
  }

  private static byte[] withoutNames(byte[] binary) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(binary, 0, 8);
    int position = 8;
    while (position < binary.length) {
      int start = position;
      int id = binary[position++];
      int length = 0;
      for (int shift = 0; ; shift += 7) {
        int b = binary[position++];
        length |= (b & 0x7F) << shift;
        if (b >= 0) {
          break;
        }
      }
      position += length;
      boolean names = id == 0 && isLeftOut(binary, position - length);
      if (!names) {
        out.write(binary, start, position - start);
      }
    }
    return out.toByteArray();
  }

  /** Whether this is the name section or one of the sections about code, by the section's name. */
  private static boolean isLeftOut(byte[] binary, int section) {
    int at = section;
    while (binary[at++] < 0) {
      // The length of the name, however it is padded.
    }
    int length = Math.min(8, binary.length - at);
    String name = new String(binary, at, length, StandardCharsets.ISO_8859_1);
    return name.startsWith("name") || name.equals("metadata");
  }
}
