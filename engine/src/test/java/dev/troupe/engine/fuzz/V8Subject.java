package dev.troupe.engine.fuzz;

import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Node's V8, asked over a pipe; it works on what was prepared while others run. */
final class V8Subject implements Subject {
  /** The answer of a process that died. */
  private static final List<String> NONE = List.of();

  private final V8 v8;
  private final ArrayDeque<FuzzCase> asked = new ArrayDeque<>();
  private final Map<FuzzCase, List<String>> answers = new IdentityHashMap<>();

  V8Subject(V8 v8) {
    this.v8 = v8;
  }

  @Override
  public String name() {
    return "v8";
  }

  @Override
  public boolean rough() {
    return true;
  }

  /** No vectors at the boundary; no proposals that V8 does not have. */
  @Override
  public boolean understands(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    for (Import imported : module.imports()) {
      if (imported.type() instanceof FuncType type && hasVectors(type)) {
        return false;
      }
    }
    for (Export export : module.exports()) {
      if (module.exportType(export) instanceof FuncType type && hasVectors(type)) {
        return false;
      }
    }
    return module.memories().stream().allMatch(MemoryType::hasStandardPages)
        && Opcodes.in(fuzzCase).stream().noneMatch(V8Subject::isMissing);
  }

  private static boolean isMissing(WasmOp op) {
    return op.feature() == WasmFeature.WIDE_ARITHMETIC;
  }

  private static boolean hasVectors(FuncType type) {
    return type.params().contains(VecType.V128) || type.results().contains(VecType.V128);
  }

  @Override
  public void prepare(FuzzCase fuzzCase) {
    if (understands(fuzzCase)) {
      asked.add(fuzzCase);
      v8.send(request(fuzzCase));
    }
  }

  @Override
  public List<String> run(FuzzCase fuzzCase) {
    if (!answers.containsKey(fuzzCase) && !asked.contains(fuzzCase)) {
      prepare(fuzzCase);
    }
    while (!answers.containsKey(fuzzCase)) {
      FuzzCase oldest = asked.remove();
      List<String> answer;
      try {
        answer = v8.receive();
      } catch (IllegalStateException e) {
        answer = NONE;
      }
      answers.put(oldest, answer);
    }
    List<String> answer = Objects.requireNonNull(answers.remove(fuzzCase));
    if (answer.isEmpty()) {
      throw new NoAnswerException("Node died", null);
    }
    return answer;
  }

  private static String request(FuzzCase fuzzCase) {
    WasmModule module = fuzzCase.module();
    StringBuilder out = new StringBuilder("{\"wasm\":\"");
    out.append(Base64.getEncoder().encodeToString(fuzzCase.wasm())).append("\",\"refuel\":");
    out.append(module.export("refuel") != null).append(",\"imports\":[");
    String comma = "";
    for (Import imported : module.imports()) {
      FuncType type =
          switch (imported.type()) {
            case FuncType function -> function;
            case TagType tag -> tag.function();
            default -> new FuncType(List.of(), List.of());
          };
      out.append(comma).append("{\"module\":").append(quote(imported.module()));
      out.append(",\"name\":").append(quote(imported.name()));
      out.append(",\"kind\":").append(quote(imported.kind().name()));
      signature(out, type).append('}');
      comma = ",";
    }
    out.append("],\"exports\":[");
    comma = "";
    for (Export export : module.exports()) {
      String kind =
          switch (export.kind()) {
            case MEMORY -> "m";
            case GLOBAL -> "g";
            case TABLE -> "t";
            case FUNC, TAG -> "";
          };
      if (!kind.isEmpty()) {
        out.append(comma).append("{\"kind\":\"").append(kind).append("\",\"name\":");
        out.append(quote(export.name()));
        if (kind.equals("g")) {
          ValType type = module.globals().get(export.index()).type();
          out.append(",\"type\":\"").append(letter(type)).append('"');
        }
        out.append('}');
        comma = ",";
      }
    }
    out.append("],\"calls\":[");
    comma = "";
    for (FuzzCase.Call call : fuzzCase.calls()) {
      out.append(comma).append("{\"name\":").append(quote(call.name()));
      signature(out, call.type()).append(",\"args\":[");
      for (int i = 0; i < call.arguments().length; i++) {
        out.append(i == 0 ? "\"" : ",\"").append(call.arguments()[i]).append('"');
      }
      out.append("]}");
      comma = ",";
    }
    return out.append("]}").toString();
  }

  private static StringBuilder signature(StringBuilder out, FuncType type) {
    out.append(",\"params\":\"");
    type.params().forEach(param -> out.append(letter(param)));
    out.append("\",\"results\":\"");
    type.results().forEach(result -> out.append(letter(result)));
    return out.append('"');
  }

  private static char letter(ValType type) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> 'i';
            case I64 -> 'l';
            case F32 -> 'f';
            case F64 -> 'd';
          };
      default -> 'r';
    };
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  @Override
  public void close() {
    v8.close();
  }
}
