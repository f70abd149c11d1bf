package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our encodings against those of two independent encoders, and the printer against both.
 *
 * <p>Modules are compared as printed text, which hides how integers are padded. An element segment
 * may be spelt with indexes or expressions, and inline types may be added in two orders; so a
 * module must equal one of the two references, after the spelling of element segments is made one.
 */
class SpecEncodingsTest {
  @TempDir private Path folder;

  @Test
  void equalTheReferenceEncodingsAndSurvivePrinting() throws IOException, InterruptedException {
    Path core = unpackEncodings().resolve("core");
    Set<Path> scalar = scalarFolders(core);
    List<String> problems = new ArrayList<>();
    int compared = 0;
    int comparedScalar = 0;
    for (Path text : texts(core)) {
      Path reference = sibling(text, ".wasm");
      if (!Files.exists(reference)) {
        continue;
      }
      byte[] ours = Wat.toBinary(Files.readAllBytes(text));
      String printed;
      try {
        printed = canonical(ours);
      } catch (FeatureDisabledException e) {
        // The decoder does not know this part of WebAssembly 3.0.
        continue;
      }
      compared++;
      comparedScalar += scalar.contains(text.getParent()) ? 1 : 0;
      if (!printed.equals(canonical(Files.readAllBytes(reference)))
          && !printed.equals(canonicalIfPresent(sibling(text, ".wt.wasm")))) {
        problems.add(core.relativize(text) + " differs from both references");
      }
      WasmModule module = decode(ours);
      String names = Wat.print(module);
      if (!Wat.print(decode(Wat.toBinary(names))).equals(names)) {
        problems.add(core.relativize(text) + " changes when it is printed and read");
      }
    }
    assertThat(problems).isEmpty();
    assertThat(compared).isGreaterThan(4_800);
    assertThat(comparedScalar).isGreaterThan(1_500);
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

  private static Set<Path> scalarFolders(Path core) {
    Set<Path> folders = new HashSet<>();
    for (String script : Corpora.scalarScripts()) {
      folders.add(core.resolveSibling(script.substring(0, script.length() - ".wast".length())));
    }
    return folders;
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

  private static List<Path> texts(Path core) throws IOException {
    try (Stream<Path> files = Files.walk(core)) {
      return files.filter(file -> file.toString().endsWith(".wat")).sorted().toList();
    }
  }

  private static Path sibling(Path text, String suffix) {
    String name = text.getFileName().toString();
    return text.resolveSibling(name.substring(0, name.length() - ".wat".length()) + suffix);
  }

  private static String canonicalIfPresent(Path file) throws IOException {
    return Files.exists(file) ? canonical(Files.readAllBytes(file)) : "";
  }

  /** Printed without custom sections, and with element segments of functions spelt one way. */
  private static String canonical(byte[] binary) {
    return Wat.print(decode(withoutCustomSections(binary)))
        .replaceAll("\\(item ref\\.func (\\d+)\\)", "$1")
        .replaceAll("(?m)^(  \\(elem .*) funcref( \\d+)", "$1 func$2");
  }

  private static WasmModule decode(byte[] binary) {
    return ModuleDecoder.decode(binary, WasmFeatures.WASM3, WasmLimits.DEFAULT);
  }

  private static byte[] withoutCustomSections(byte[] binary) {
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
      if (id != 0) {
        out.write(binary, start, position - start);
      }
    }
    return out.toByteArray();
  }
}
