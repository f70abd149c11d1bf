package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.CanonicalTypes;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What function bodies may refer to, as arrays of type codes. Immutable once the module checked.
 */
final class ModuleContext {
  final WasmModule module;
  final WasmFeatures features;
  final WasmLimits limits;

  /** Which declared types are equal; the codes here have canonical indexes. */
  final CanonicalTypes types;

  /** Parameters and results of function types; null for other types. */
  final int[] @Nullable [] typeParams;

  final int[] @Nullable [] typeResults;
  final int[] globalTypes;
  final boolean[] globalMutable;
  final int[] tableElements;
  final int[] tableAddresses;
  final int[] memoryAddresses;
  final int[] elementTypes;

  /** Functions that occur outside function bodies, so that {@code ref.func} may name them. */
  final BitSet declaredFunctions = new BitSet();

  /** The context of a module whose type indexes exist: see {@link TypeRules}. */
  ModuleContext(WasmModule module, WasmFeatures features, WasmLimits limits) {
    this.module = module;
    this.features = features;
    this.limits = limits;
    this.types = module.canonicalTypes();
    int typeCount = module.types().size();
    typeParams = new int[typeCount][];
    typeResults = new int[typeCount][];
    for (int i = 0; i < typeCount; i++) {
      if (module.compositeType(i) instanceof FuncType type) {
        typeParams[i] = codes(type.params());
        typeResults[i] = codes(type.results());
      }
    }
    List<GlobalType> globals = module.globals();
    globalTypes = new int[globals.size()];
    globalMutable = new boolean[globals.size()];
    for (int i = 0; i < globalTypes.length; i++) {
      globalTypes[i] = code(globals.get(i).type());
      globalMutable[i] = globals.get(i).mutable();
    }
    List<TableType> tables = module.tables();
    tableElements = new int[tables.size()];
    tableAddresses = new int[tables.size()];
    for (int i = 0; i < tableElements.length; i++) {
      tableElements[i] = code(tables.get(i).element());
      tableAddresses[i] = tables.get(i).limits().addressType().code();
    }
    List<MemoryType> memories = module.memories();
    memoryAddresses = new int[memories.size()];
    for (int i = 0; i < memoryAddresses.length; i++) {
      memoryAddresses[i] = memories.get(i).limits().addressType().code();
    }
    elementTypes = new int[module.elements().size()];
    for (int i = 0; i < elementTypes.length; i++) {
      elementTypes[i] = code(module.elements().get(i).type());
    }
  }

  /** The code of a value type of the module. */
  int code(ValType type) {
    return types.codeOf(type.code());
  }

  private int[] codes(List<ValType> valTypes) {
    int[] codes = TypeCodes.of(valTypes);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = types.codeOf(codes[i]);
    }
    return codes;
  }

  /** Parameters of a type known to be a function type. */
  int[] params(int type) {
    return Objects.requireNonNull(typeParams[type]);
  }

  /** Results of a type known to be a function type. */
  int[] results(int type) {
    return Objects.requireNonNull(typeResults[type]);
  }

  /** Whether there is a function type with this unsigned index. */
  boolean isFunctionType(int type) {
    return Integer.compareUnsigned(type, typeParams.length) < 0 && typeParams[type] != null;
  }

  /**
   * The code of a type read from a function body or a constant expression.
   *
   * @throws InvalidException when it names a type that there is not
   */
  int checkedCode(int code, int offset) {
    if (!RefType.isReference(code) || !RefType.isConcrete(code)) {
      return code;
    }
    int type = RefType.typeIndex(code);
    if (type >= typeParams.length) {
      throw new InvalidException("unknown type " + type, offset);
    }
    return types.codeOf(code);
  }

  /** The code of a reference to a heap type read from a body or a constant expression. */
  int checkedReference(HeapType heap, boolean nullable, int offset) {
    return checkedCode(new RefType(nullable, heap).code(), offset);
  }

  /** The type of {@code ref.func} for a function that exists. */
  int functionReference(int function) {
    return TypeCodes.reference(types.indexOf(module.functionTypeIndex(function)), false);
  }

  /** Whether a value of type {@code actual} may stand where {@code expected} is asked for. */
  boolean matches(int actual, int expected) {
    return TypeCodes.matches(actual, expected, types);
  }
}
