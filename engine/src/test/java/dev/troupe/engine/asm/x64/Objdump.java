package dev.troupe.engine.asm.x64;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The independent disassembler, where it is installed. */
final class Objdump {
  private Objdump() {}

  /** The first line of its version message, or nothing if it cannot be run. */
  static Optional<String> version() {
    try {
      Process process =
          new ProcessBuilder("objdump", "--version").redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Disassembles: one line {@code offset: text} per instruction, as {@link Listing} prints it. */
  static List<String> disassemble(byte[] code) {
    try {
      Path file = Files.createTempFile("troupe-objdump", ".bin");
      try {
        Files.write(file, code);
        Process process =
            new ProcessBuilder(
                    "objdump",
                    "-D",
                    "-b",
                    "binary",
                    "-m",
                    "i386:x86-64",
                    "-M",
                    "intel",
                    "--no-show-raw-insn",
                    "-w",
                    "-z",
                    file.toString())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return parse(output);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> parse(String output) {
    List<String> lines = new ArrayList<>();
    for (String line : output.split("\n", -1)) {
      int colon = line.indexOf(":\t");
      if (colon >= 0) {
        lines.add(line.substring(0, colon).strip() + ": " + normalize(line.substring(colon + 2)));
      }
    }
    return lines;
  }

  /** Single spaces. */
  static String normalize(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
