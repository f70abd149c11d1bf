package dev.troupe.engine.fuzz;

import dev.troupe.engine.text.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A case as a file: the module's text behind one line for each call, {@code ;;! f0 1 -5}, with
 * arguments as the oracle has values.
 */
final class KeptCase {
  private static final String CALL = ";;! ";

  private KeptCase() {}

  static void write(Path file, FuzzCase fuzzCase, String comment) throws IOException {
    StringBuilder out = new StringBuilder();
    comment.lines().forEach(line -> out.append(";; ").append(line).append('\n'));
    for (FuzzCase.Call call : fuzzCase.calls()) {
      out.append(CALL).append(call.name());
      for (long argument : call.arguments()) {
        out.append(' ').append(argument);
      }
      out.append('\n');
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, out.append(Wat.print(fuzzCase.module())).toString());
  }

  static FuzzCase read(Path file) throws IOException {
    String text = Files.readString(file);
    FuzzCase whole = FuzzCase.of(Wat.toBinary(text), 0);
    List<FuzzCase.Call> calls = new ArrayList<>();
    for (String line : text.lines().filter(line -> line.startsWith(CALL)).toList()) {
      String[] words = line.substring(CALL.length()).split(" ");
      long[] arguments = new long[words.length - 1];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = Long.parseLong(words[i + 1]);
      }
      var export = whole.module().export(words[0]);
      if (export == null) {
        throw new IOException(file + " calls " + words[0] + ", which it does not export");
      }
      calls.add(
          new FuzzCase.Call(words[0], whole.module().functionType(export.index()), arguments));
    }
    return new FuzzCase(whole.wasm(), whole.module(), List.copyOf(calls));
  }
}
