package dev.troupe.engine.text;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keywords of the text format: those of the instruction table, of types, and of the syntax. */
final class Keywords {
  /** Words of the grammar of modules and scripts that neither name an instruction nor a type. */
  private static final List<String> SYNTAX =
      List.of(
          "module",
          "definition",
          "instance",
          "binary",
          "quote",
          "type",
          "rec",
          "sub",
          "final",
          "func",
          "param",
          "result",
          "local",
          "struct",
          "array",
          "field",
          "mut",
          "import",
          "export",
          "table",
          "memory",
          "global",
          "tag",
          "start",
          "elem",
          "data",
          "offset",
          "item",
          "declare",
          "shared",
          "pagesize",
          "ref",
          "null",
          "then",
          "else",
          "end",
          "do",
          "catch",
          "catch_ref",
          "catch_all",
          "catch_all_ref",
          "i8",
          "i16",
          "i8x16",
          "i16x8",
          "i32x4",
          "i64x2",
          "f32x4",
          "f64x2",
          "register",
          "invoke",
          "get",
          "assert_return",
          "assert_trap",
          "assert_exhaustion",
          "assert_malformed",
          "assert_invalid",
          "assert_unlinkable",
          "assert_exception",
          "assert_malformed_custom",
          "assert_invalid_custom",
          "either",
          "nan:canonical",
          "nan:arithmetic",
          "ref.extern",
          "ref.host",
          "ref.any",
          "ref.struct",
          "ref.array",
          "ref.exn",
          "script",
          "input",
          "output");

  private static final Map<String, Integer> VALUE_TYPES = new HashMap<>();
  private static final Map<String, AbstractHeapType> HEAP_TYPES = new HashMap<>();
  private static final Set<String> KNOWN = new HashSet<>(SYNTAX);

  static {
    VALUE_TYPES.put("i32", 0x7F);
    VALUE_TYPES.put("i64", 0x7E);
    VALUE_TYPES.put("f32", 0x7D);
    VALUE_TYPES.put("f64", 0x7C);
    VALUE_TYPES.put("v128", 0x7B);
    for (AbstractHeapType heap : AbstractHeapType.values()) {
      HEAP_TYPES.put(heap.text(), heap);
      VALUE_TYPES.put(new RefType(true, heap).text(), heap.binaryCode());
    }
    KNOWN.addAll(VALUE_TYPES.keySet());
    KNOWN.addAll(HEAP_TYPES.keySet());
    Arrays.stream(WasmOp.values()).map(WasmOp::mnemonic).forEach(KNOWN::add);
  }

  private Keywords() {}

  /** Whether a word means anything anywhere. Others are "unknown operators". */
  static boolean isKnown(String word) {
    return KNOWN.contains(word) || word.startsWith("offset=") || word.startsWith("align=");
  }

  /** The byte of the value type that a single keyword names, or -1. */
  static int valueType(String word) {
    return VALUE_TYPES.getOrDefault(word, -1);
  }

  /** The byte of an abstract heap type, or -1. */
  static int heapType(String word) {
    AbstractHeapType heap = HEAP_TYPES.get(word);
    return heap == null ? -1 : heap.binaryCode();
  }
}
