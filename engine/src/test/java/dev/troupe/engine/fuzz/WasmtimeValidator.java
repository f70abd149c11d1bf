package dev.troupe.engine.fuzz;

import dev.troupe.engine.wasm.WasmFeature;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Wasmtime's validator and text parser, by its Python package (see {@code fuzz/validate.py}). */
final class WasmtimeValidator implements Validator {
  private static final Pattern OWN =
      Pattern.compile(
          "proposal (to|must) be enabled|expected at least one module field|limit|exceed|too"
              + " (many|large|big)|not enabled|not supported|unsupported|support|"
              + "component|maximum|disabled|pages");

  private static final String DIED = "limit: Wasmtime died of it";

  private final List<String> command;
  private Process process;
  private BufferedWriter requests;
  private BufferedReader answers;

  private WasmtimeValidator(List<String> command) throws IOException {
    this.command = command;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  private void restart() throws IOException {
    process.destroyForcibly();
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * The package {@code wasmtime} of {@code $TROUPE_WASMTIME_PYTHON} or of python3.
   *
   * @return null, with a line on stderr, when there is none
   */
  static @Nullable WasmtimeValidator find() {
    String python = System.getenv().getOrDefault("TROUPE_WASMTIME_PYTHON", "python3");
    try (var in = WasmtimeValidator.class.getResourceAsStream("/fuzz/validate.py")) {
      if (in == null) {
        throw new IOException("fuzz/validate.py is not on the class path");
      }
      Path script = Files.createTempFile("troupe-fuzz", ".py");
      script.toFile().deleteOnExit();
      Files.write(script, in.readAllBytes());
      List<String> command = new ArrayList<>(List.of(python, script.toString()));
      for (WasmFeature feature : WasmFeature.values()) {
        if (FuzzCase.FEATURES.contains(feature)) {
          command.add(feature.text());
        }
      }
      WasmtimeValidator validator = new WasmtimeValidator(List.copyOf(command));
      if (validator.ask("wasm AGFzbQEAAAA=").equals("valid")) {
        return validator;
      }
      validator.close();
    } catch (IOException | UncheckedIOException e) {
      // Said below.
    }
    System.err.println(
        "SKIPPED: Wasmtime as a validator: no Python with it; set TROUPE_WASMTIME_PYTHON");
    return null;
  }

  /** The answer; a process that has ended, for whatever reason, is started again. */
  private String ask(String request) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        requests.write(request);
        requests.newLine();
        requests.flush();
        String line = answers.readLine();
        if (line != null) {
          return line;
        }
      } catch (IOException e) {
        // As if there had been no answer.
      }
      try {
        restart();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return DIED;
  }

  @Override
  public String name() {
    return "wasmtime";
  }

  @Override
  public boolean readsText() {
    return true;
  }

  @Override
  public String refusal(byte[] module, boolean text) {
    String encoded = Base64.getEncoder().encodeToString(module);
    String answer = ask((text ? "wat " : "wasm ") + (encoded.isEmpty() ? "-" : encoded));
    return answer.equals("valid") ? "" : answer;
  }

  @Override
  public boolean isItsOwn(String refusal) {
    return OWN.matcher(refusal).find();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
