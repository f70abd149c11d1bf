package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.oracle.GeneratorOptions;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sections damaged by somebody who knows the format and has the key: sizes, headers, checksums,
 * digest and MAC are right, so every byte reaches the parsers behind them. What they accept must
 * load and instantiate; nothing that is damaged is called. Number of files and first seed: system
 * properties {@code artifact.damages}, {@code artifact.seed}.
 */
final class ResignedArtifactTest {
  private static final int DAMAGES = Integer.getInteger("artifact.damages", 2_000);
  private static final long FIRST_SEED = Long.getLong("artifact.seed", 1);
  private static final int DAMAGES_OF_EACH = 200;
  private static final int[] WORDS = {0, 1, -1, 0x7F, 0x80, 0xFFFF, Integer.MAX_VALUE, 1 << 31};

  private static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT.with(WasmFeature.WIDE_ARITHMETIC).with(WasmFeature.CUSTOM_PAGE_SIZES);

  @TempDir private Path folder;

  private final Map<String, Integer> rejections = new TreeMap<>();
  private final Map<String, String> failures = new TreeMap<>();
  private int accepted;

  @Test
  void whatTheParsersAcceptCanBeInstantiated() throws IOException {
    Path keyFile = folder.resolve("key");
    try (Engine engine =
        Engine.create(
            EngineConfig.builder()
                .features(FEATURES)
                .compileThreads(1)
                .artifactKeyFile(keyFile)
                .build())) {
      byte[] artifact = new byte[0];
      ArtifactKey key = null;
      for (long seed = FIRST_SEED; seed < FIRST_SEED + DAMAGES; seed++) {
        if (key == null || seed % DAMAGES_OF_EACH == 0) {
          artifact = engine.precompileModule(module(seed));
          key = new ArtifactKey(Files.readAllBytes(keyFile));
          load(engine, rebuilt(sections(artifact), key));
          assertThat(accepted).as("the undamaged artifact").isPositive();
        }
        SplittableRandom random = new SplittableRandom(seed);
        Map<ArtifactSection, byte[]> sections = sections(artifact);
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
          damage(sections, random);
        }
        try {
          load(engine, rebuilt(sections, key));
        } catch (RuntimeException | Error e) {
          String where = e + " at " + Arrays.stream(e.getStackTrace()).limit(3).toList();
          String unused = failures.putIfAbsent(where, "seed " + seed);
        }
      }
    }
    assertThat(failures).isEmpty();
    System.err.println(
        DAMAGES
            + " damaged artifacts, "
            + accepted
            + " accepted, rejected in "
            + rejections.size()
            + " ways");
    // All parsers were reached, and some damage means something.
    for (ArtifactSection section :
        List.of(
            ArtifactSection.ENGINE,
            ArtifactSection.TYPES,
            ArtifactSection.INFO,
            ArtifactSection.TRAPS,
            ArtifactSection.ADDRESSES,
            ArtifactSection.INLINES,
            ArtifactSection.STACK_MAPS,
            ArtifactSection.EXCEPTIONS)) {
      assertThat(rejections.keySet())
          .as(section.sectionName())
          .anyMatch(message -> message.contains(section.sectionName()));
    }
    assertThat(rejections.keySet()).noneMatch(message -> message.contains("checksum"));
  }

  /** A module with references and exceptions, so that no section is empty. */
  private static byte[] module(long seed) {
    return WasmGenerator.generate(
        seed,
        new GeneratorOptions(
            false,
            true,
            true,
            false,
            false,
            true,
            true,
            GeneratorOptions.Flavor.values()[
                (int) (seed / DAMAGES_OF_EACH % GeneratorOptions.Flavor.values().length)],
            GeneratorOptions.Size.SMALL));
  }

  private void load(Engine engine, byte[] artifact) {
    try (Module module = Module.deserialize(engine, artifact);
        Store<String> store = Store.create(engine, "")) {
      // None of them has a start function, but damage may give them one.
      Artifact inspected = ArtifactReader.readForInspection(MemorySegment.ofArray(artifact));
      if (inspected.module().module().startFunction() == WasmModule.NO_START) {
        var unused = Linker.<String>create(engine).instantiate(store, module);
      }
      accepted++;
    } catch (ArtifactException e) {
      String kind = String.valueOf(e.getMessage()).replaceAll("[0-9]+", "N");
      int unused = rejections.merge(kind, 1, Integer::sum);
    } catch (InstantiationException e) {
      int unused = rejections.merge("instantiation", 1, Integer::sum);
    }
  }

  static Map<ArtifactSection, byte[]> sections(byte[] artifact) {
    MemorySegment file = MemorySegment.ofArray(artifact);
    ElfFrame frame = ElfFrame.read(file);
    Map<ArtifactSection, byte[]> sections = new EnumMap<>(ArtifactSection.class);
    for (ArtifactSection section : ArtifactSection.values()) {
      sections.put(section, frame.bytes(file, section));
    }
    return sections;
  }

  /** A file with these sections in which everything fits that does not depend on their contents. */
  static byte[] rebuilt(Map<ArtifactSection, byte[]> sections, ArtifactKey key) {
    long[] sizes = new long[ArtifactSection.values().length];
    sections.forEach((section, bytes) -> sizes[section.ordinal()] = bytes.length);
    ElfFrame frame = new ElfFrame(ArtifactKind.MODULE, sizes);
    byte[] file = new byte[(int) Elf.fileBytes(frame.offsets())];
    put(file, 0, Elf.header(frame.kind(), frame.offsets()));
    sections.forEach((section, bytes) -> put(file, frame.offset(section), bytes));
    int symbols =
        Objects.requireNonNull(sections.get(ArtifactSection.SYMBOLS)).length / Elf.SYMBOL_BYTES;
    long table = frame.offsets()[frame.offsets().length - 1];
    put(file, table, Elf.sectionHeaders(frame.sizes(), frame.offsets(), symbols));
    ArtifactSeal.seal(file, frame);
    ArtifactSeal.sign(file, key);
    return file;
  }

  private static void put(byte[] file, long offset, byte[] bytes) {
    System.arraycopy(bytes, 0, file, (int) offset, bytes.length);
  }

  /** One change of one section, but for the seal, which is made anew, and for machine code. */
  private static void damage(Map<ArtifactSection, byte[]> sections, SplittableRandom random) {
    List<ArtifactSection> candidates = new ArrayList<>(sections.keySet());
    candidates.remove(ArtifactSection.SEAL);
    candidates.remove(ArtifactSection.TEXT);
    ArtifactSection section = candidates.get(random.nextInt(candidates.size()));
    byte[] bytes = Objects.requireNonNull(sections.get(section)).clone();
    if (bytes.length == 0) {
      sections.put(section, new byte[1 + random.nextInt(8)]);
      return;
    }
    int at = random.nextInt(bytes.length);
    int unit = 1 << random.nextInt(4);
    int aligned = at / unit * unit;
    int length = Math.min(unit, bytes.length - aligned);
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
      case 3 -> word(bytes, at & -4, WORDS[random.nextInt(WORDS.length)]);
      case 4 -> bytes = without(bytes, aligned, length);
      case 5 -> {
        // Twice the same.
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, aligned, longer, aligned + length, bytes.length - aligned);
        bytes = longer;
      }
      case 6 -> bytes = Arrays.copyOf(bytes, at);
      default -> {
        // What stands elsewhere in the section.
        int from = random.nextInt(bytes.length) / unit * unit;
        int count = Math.min(length, bytes.length - from);
        System.arraycopy(bytes, from, bytes, aligned, count);
      }
    }
    sections.put(section, bytes);
  }

  private static void word(byte[] bytes, int at, int value) {
    for (int i = 0; i < Math.min(4, bytes.length - at); i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
    return shorter;
  }
}
