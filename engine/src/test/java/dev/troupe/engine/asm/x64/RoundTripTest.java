package dev.troupe.engine.asm.x64;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Encoder and printer against an independent disassembler: every row, every operand class.
 *
 * <p>Where objdump is missing, or of a version that words things differently, bytes and texts are
 * compared with the recorded expectations: per row the number of samples, a digest of all of them
 * and the first sample in clear. {@code -Dbless} rewrites the recording after objdump has agreed.
 */
class RoundTripTest {
  private static final String RECORDED = "round-trip.txt";
  private static final Path SOURCE =
      Path.of("src/test/resources/dev/troupe/engine/asm/x64", RECORDED);

  @Test
  void everyRowPrintsAsTheDisassemblerPrintsIt() throws Exception {
    Assembler assembler = new Assembler().withListing();
    List<String> recording = new ArrayList<>();
    int samples = 0;
    for (X64Op op : X64Op.values()) {
      if (isBranch(op)) {
        continue;
      }
      List<RowSamples.Sample> all = RowSamples.of(op);
      samples += all.size();
      for (RowSamples.Sample sample : all) {
        emit(assembler, op, sample);
      }
      recording.add(record(op, all));
    }
    byte[] code = assembler.finish();
    List<String> ours = lines(assembler);
    assertThat(ours).hasSize(samples);

    Optional<String> version = Objdump.version();
    if (version.isEmpty()) {
      System.out.printf(
          "assembler round trip: %d samples of %d rows against RECORDED expectations "
              + "(objdump is not installed)%n",
          samples, recording.size());
    } else {
      List<String> differences = differences(ours, Objdump.disassemble(code));
      if (!differences.isEmpty() && !version.get().contains("2.40")) {
        System.out.printf(
            "assembler round trip: %s words %d or more instructions differently, "
                + "first %s; RECORDED expectations used%n",
            version.get(), differences.size(), differences.getFirst());
      } else {
        assertThat(differences).as(version.get()).isEmpty();
        System.out.printf(
            "assembler round trip: %d samples of %d rows against %s%n",
            samples, recording.size(), version.get());
        bless(recording);
      }
    }
    assertThat(recording).isEqualTo(recorded());
  }

  private static boolean isBranch(X64Op op) {
    return op.row().encodings[0].relativeBytes != 0;
  }

  private static void emit(Assembler assembler, X64Op op, RowSamples.Sample sample) {
    int[] v = sample.values();
    assembler.emit(
        op,
        op.valueCount(),
        v[0],
        v[1],
        v[2],
        v[3],
        sample.mem(),
        sample.immediate(),
        sample.condition());
  }

  private static List<String> lines(Assembler assembler) {
    List<String> lines = new ArrayList<>();
    for (String line : assembler.listing().text().split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(Objdump.normalize(line));
      }
    }
    return lines;
  }

  static List<String> differences(List<String> ours, List<String> theirs) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < Math.max(ours.size(), theirs.size()) && differences.size() < 25; i++) {
      String our = i < ours.size() ? ours.get(i) : "nothing";
      String their = i < theirs.size() ? theirs.get(i) : "nothing";
      if (!our.equals(their)) {
        differences.add("ours <" + our + "> objdump <" + their + ">");
      }
    }
    return differences;
  }

  private static String record(X64Op op, List<RowSamples.Sample> samples)
      throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    String first = "";
    Assembler assembler = new Assembler().withListing();
    for (RowSamples.Sample sample : samples) {
      assembler.reset();
      emit(assembler, op, sample);
      String line =
          HexFormat.of().formatHex(assembler.finish()) + " " + lines(assembler).getFirst();
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
      if (first.isEmpty()) {
        first = line.replace(" 0: ", " ");
      }
    }
    String hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
    return op + " " + samples.size() + " " + hash + " " + first;
  }

  private static void bless(List<String> recording) throws IOException {
    if (System.getProperty("bless") != null) {
      Files.createDirectories(SOURCE.getParent());
      Files.writeString(SOURCE, String.join("\n", recording) + "\n");
    }
  }

  private static List<String> recorded() throws IOException {
    if (System.getProperty("bless") != null) {
      return Files.readAllLines(SOURCE);
    }
    try (InputStream in = RoundTripTest.class.getResourceAsStream(RECORDED)) {
      assertThat(in).as("recorded expectations: run once with -Dbless").isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
