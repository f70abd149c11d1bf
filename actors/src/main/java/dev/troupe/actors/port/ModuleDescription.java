package dev.troupe.actors.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a module exports and needs.
 *
 * @param exports its exported functions, in the order of the module
 * @param exportsMemory whether it exports a memory named {@code memory}
 * @param initialMemoryBytes memory of a fresh instance, summed over all its memories
 */
public record ModuleDescription(
    List<ExportedFunction> exports, boolean exportsMemory, long initialMemoryBytes) {

  /** Function of the bytes ABI that gives room for the payload. */
  public static final String ALLOCATE = "troupe_alloc";

  /** Entry point of the bytes ABI when a call names none. */
  public static final String HANDLE = "handle";

  private static final List<WasmType> ALLOCATE_PARAMETERS = List.of(WasmType.I32);
  private static final List<WasmType> ALLOCATE_RESULTS = List.of(WasmType.I32);
  private static final List<WasmType> HANDLE_PARAMETERS = List.of(WasmType.I32, WasmType.I32);
  private static final List<WasmType> HANDLE_RESULTS = List.of(WasmType.I64);

  /** Copies the list. */
  public ModuleDescription {
    exports = List.copyOf(exports);
  }

  /** An exported function and its type. */
  public record ExportedFunction(String name, List<WasmType> parameters, List<WasmType> results) {
    /** Copies the lists. */
    public ExportedFunction {
      parameters = List.copyOf(parameters);
      results = List.copyOf(results);
    }
  }

  /** The exported function of that name, or null. */
  public @Nullable ExportedFunction export(String name) {
    for (ExportedFunction function : exports) {
      if (function.name().equals(name)) {
        return function;
      }
    }
    return null;
  }

  /** Whether the module follows the bytes ABI with {@link #HANDLE} as its entry point. */
  public boolean bytesAbi() {
    return bytesAbi(HANDLE);
  }

  private boolean bytesAbi(String entryPoint) {
    ExportedFunction allocate = export(ALLOCATE);
    ExportedFunction handle = export(entryPoint);
    return exportsMemory
        && allocate != null
        && allocate.parameters().equals(ALLOCATE_PARAMETERS)
        && allocate.results().equals(ALLOCATE_RESULTS)
        && handle != null
        && handle.parameters().equals(HANDLE_PARAMETERS)
        && handle.results().equals(HANDLE_RESULTS);
  }

  /**
   * Checks that a call fits.
   *
   * @throws BadCallException when it does not, saying why
   */
  public void check(CallRequest request) throws BadCallException {
    String name = request.entryPoint();
    ExportedFunction function = export(name);
    if (function == null) {
      throw new BadCallException("the module exports no function '" + name + "'");
    }
    switch (request.input()) {
      case CallInput.Payload _ -> {
        if (!bytesAbi(name)) {
          throw new BadCallException(
              "'"
                  + name
                  + "' does not take bytes: the module must export 'memory', '"
                  + ALLOCATE
                  + "' (i32) -> i32, and '"
                  + name
                  + "' (i32, i32) -> i64");
        }
      }
      case CallInput.Values values -> checkValues(function, values);
    }
  }

  private static void checkValues(ExportedFunction function, CallInput.Values input)
      throws BadCallException {
    List<WasmType> parameters = function.parameters();
    if (parameters.size() != input.values().size()) {
      throw new BadCallException(
          "'%s' takes %d values, not %d"
              .formatted(function.name(), parameters.size(), input.values().size()));
    }
    for (int index = 0; index < parameters.size(); index++) {
      WasmType given = input.values().get(index).type();
      if (given != parameters.get(index)) {
        throw new BadCallException(
            "value %d of '%s' must be %s, not %s"
                .formatted(index, function.name(), parameters.get(index), given));
      }
    }
    for (WasmType result : function.results()) {
      switch (result) {
        case I32, I64, F32, F64 -> {
          // A number, which can be returned.
        }
        case V128, FUNCREF, EXTERNREF ->
            throw new BadCallException(
                "'" + function.name() + "' returns a " + result + ", which cannot leave a guest");
      }
    }
  }
}
