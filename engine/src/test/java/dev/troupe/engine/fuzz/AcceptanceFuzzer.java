package dev.troupe.engine.fuzz;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.GeneratorOptions;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.text.WatException;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damaged modules must be accepted or refused as other validators do, and refused only with typed
 * errors.
 */
final class AcceptanceFuzzer implements AutoCloseable {
  /** Our answer where it says nothing about the module: a feature that is off, a limit of ours. */
  private static final String NO_ANSWER = "no answer";

  private static final Pattern MODULE =
      Pattern.compile("(?m)^\\(module(?! (binary|quote|definition|instance))");

  /**
   * Where Wasmtime's text parser takes more than the specification: instructions between folded
   * operands, and type indexes of types that inline signatures define further down.
   */
  private static final Pattern LENIENT = Pattern.compile("^unexpected token|^unknown type");

  private static final int LONGEST_TEXT = 4_000;

  private final List<Validator> validators;
  private final Path findings;
  private final List<byte[]> texts = new ArrayList<>();
  private final Map<String, Integer> differences = new TreeMap<>();
  private final List<String> found = new ArrayList<>();
  private int asked;
  private int accepted;

  AcceptanceFuzzer(List<Validator> validators, Path findings) throws IOException {
    this.validators = validators;
    this.findings = findings;
    for (Path script : Corpora.files("spec/core", ".wast")) {
      modules(Files.readString(script, StandardCharsets.ISO_8859_1));
    }
  }

  /** The modules of a script that stand at the beginning of a line. */
  private void modules(String script) {
    Matcher matcher = MODULE.matcher(script);
    while (matcher.find()) {
      int end = script.indexOf("\n)", matcher.start());
      int line = script.indexOf('\n', matcher.start());
      if (line > 0 && script.charAt(line - 1) == ')' && (end < 0 || line < end)) {
        end = line - 2;
      }
      if (end > 0 && end - matcher.start() < LONGEST_TEXT) {
        String text = script.substring(matcher.start(), end + 2);
        texts.add(text.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  int texts() {
    return texts.size();
  }

  /** One damaged module: of the generator, or of the official scripts as binary or as text. */
  void damaged(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    if (random.nextInt(8) == 0) {
      byte[] wasm = WasmGenerator.generate(seed, GeneratorOptions.of(seed));
      compare(Mutations.ofBinary(wasm, random), false, seed);
      return;
    }
    byte[] text = texts.get(random.nextInt(texts.size()));
    if (random.nextBoolean()) {
      compare(Mutations.ofText(text, random), true, seed);
      return;
    }
    byte[] wasm;
    try {
      wasm = Wat.toBinary(text);
    } catch (WatException e) {
      return;
    }
    compare(Mutations.ofBinary(wasm, random), false, seed);
  }

  /** Empty when we accept it, {@link #NO_ANSWER}, or why not. */
  static String refusal(byte[] input, boolean text) {
    try {
      byte[] wasm = text ? Wat.toBinary(input) : input;
      WasmModule module = ModuleDecoder.decode(wasm, FuzzCase.FEATURES, WasmLimits.DEFAULT);
      ModuleValidator.validate(module, FuzzCase.FEATURES, WasmLimits.DEFAULT);
      return "";
    } catch (FeatureDisabledException | LimitExceededException e) {
      return NO_ANSWER;
    } catch (WasmException e) {
      return String.valueOf(e.getMessage());
    }
  }

  void compare(byte[] input, boolean text, long seed) throws IOException {
    String ours;
    try {
      ours = refusal(input, text);
    } catch (RuntimeException | StackOverflowError e) {
      report(input, text, seed, "not a typed error: " + e);
      return;
    }
    if (ours.equals(NO_ANSWER)) {
      return;
    }
    asked++;
    accepted += ours.isEmpty() ? 1 : 0;
    for (Validator validator : validators) {
      if (text && !validator.readsText()) {
        continue;
      }
      String theirs = validator.refusal(input, text);
      if (text && theirs.isEmpty() && LENIENT.matcher(ours).find()) {
        continue;
      }
      if (ours.isEmpty() != theirs.isEmpty() && !validator.isItsOwn(theirs)) {
        String us = ours.isEmpty() ? "accepted" : "refused (" + ours + ")";
        String them = theirs.isEmpty() ? "accepts" : "refuses (" + theirs + ")";
        report(input, text, seed, us + ", " + validator.name() + " " + them);
      }
    }
  }

  /** One of each kind of difference is kept. */
  private void report(byte[] input, boolean text, long seed, String what) throws IOException {
    String kind = what.replaceAll("[-+]?(0x[0-9a-fA-F]+|\\d+)", "N").replaceAll("\\$\\S+", "X");
    if (differences.merge(kind, 1, Integer::sum) == 1) {
      Files.createDirectories(findings);
      Path file = findings.resolve("damaged-" + seed + (text ? ".wat" : ".wasm"));
      Files.write(file, input);
      found.add("seed " + seed + ": " + what + "; see " + file);
    }
  }

  /** A line for each kind of difference. */
  List<String> found() {
    return found;
  }

  String report() {
    return asked + " damaged modules, " + accepted + " of them accepted";
  }

  @Override
  public void close() {
    validators.forEach(Validator::close);
  }
}
