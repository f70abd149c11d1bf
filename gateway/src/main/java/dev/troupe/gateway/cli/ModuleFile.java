package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Precompiled;
import dev.troupe.engine.artifact.ModuleDigest;
import dev.troupe.engine.text.Wat;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds that may be a module in any form: the digest of its binary, or that it is an
 * artifact.
 *
 * @param file the file
 * @param module the module in the binary format and its digest, null for an artifact
 */
record ModuleFile(Path file, @Nullable Contents module) {
  /**
   * A module.
   *
   * @param wasm its binary, null when the file was not read because it is known
   */
  record Contents(byte @Nullable [] wasm, ModuleDigest digest) {
    /** The binary of a file that was read. */
    byte[] binary() {
      return Objects.requireNonNull(wasm, "the file was not read");
    }
  }

  /** Reads a file unless {@code known} knows what it holds. */
  static ModuleFile read(Path file, @Nullable KnownFiles known) throws IOException {
    if (known == null) {
      return read(file);
    }
    KnownFiles.Seen seen = KnownFiles.Seen.of(file);
    ModuleDigest digest = known.find(seen);
    if (digest != null) {
      return new ModuleFile(file, new Contents(null, digest));
    }
    ModuleFile read = read(file);
    if (read.module != null) {
      known.remember(file, seen, read.module.digest());
    }
    return read;
  }

  /** Reads a file, and text as binary. */
  static ModuleFile read(Path file) throws IOException {
    byte[] bytes = bytes(file);
    if (Engine.detectPrecompiled(bytes) != Precompiled.NONE) {
      return new ModuleFile(file, null);
    }
    byte[] wasm = toBinary(bytes);
    return new ModuleFile(file, new Contents(wasm, ModuleDigest.of(wasm)));
  }

  /** Reads a module in the binary or the text format as binary. */
  static byte[] readBinary(Path file) throws IOException {
    return toBinary(bytes(file));
  }

  /** All bytes of a file, by a stream: channels load a library first. */
  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      if (Files.isDirectory(file)) {
        throw new IOException(file + " is a folder, not a module", e);
      }
      // Says which of the other reasons it was.
      return Files.readAllBytes(file);
    }
  }

  private static byte[] toBinary(byte[] bytes) {
    boolean binary = bytes.length >= 4 && bytes[0] == 0 && bytes[1] == 'a';
    return binary ? bytes : Wat.toBinary(bytes);
  }
}
