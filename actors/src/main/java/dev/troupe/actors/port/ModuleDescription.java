package dev.troupe.actors.port;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a module exports and needs.
 *
 * @param byName its exported functions by their names, in the order of the module
 * @param exportsMemory whether it exports a memory named {@code memory}
 * @param initialMemoryBytes memory of a fresh instance, summed over all its memories
 * @param wasi whether it imports WASI, so that its calls need a world
 */
public record ModuleDescription(
    SequencedMap<String, ExportedFunction> byName,
    boolean exportsMemory,
    long initialMemoryBytes,
    boolean wasi) {

  /** Function of the bytes ABI that gives room for the payload. */
  public static final String ALLOCATE = "troupe_alloc";

  /** Entry point of the bytes ABI when a call names none. */
  public static final String HANDLE = "handle";

  /** Entry point of a command, a program that runs once. */
  public static final String START = "_start";

  /** What a reactor wants to be called before anything else. */
  public static final String INITIALIZE = "_initialize";

  /** How an entry point takes its input and gives its output. */
  public enum Abi {
    /** Parameters and results. */
    VALUES,
    /** Bytes in memory, see {@link CallInput.Payload}. */
    BYTES,
    /** Standard input and output. */
    PROGRAM
  }

  private static final List<WasmType> ALLOCATE_PARAMETERS = List.of(WasmType.I32);
  private static final List<WasmType> ALLOCATE_RESULTS = List.of(WasmType.I32);
  private static final List<WasmType> HANDLE_PARAMETERS = List.of(WasmType.I32, WasmType.I32);
  private static final List<WasmType> HANDLE_RESULTS = List.of(WasmType.I64);

  /** Copies the map. */
  public ModuleDescription {
    byName = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byName));
  }

  /** The same of a list, whose names differ. */
  public ModuleDescription(
      List<ExportedFunction> exports,
      boolean exportsMemory,
      long initialMemoryBytes,
      boolean wasi) {
    this(byName(exports), exportsMemory, initialMemoryBytes, wasi);
  }

  private static SequencedMap<String, ExportedFunction> byName(List<ExportedFunction> exports) {
    SequencedMap<String, ExportedFunction> map = new LinkedHashMap<>();
    exports.forEach(function -> map.put(function.name(), function));
    return map;
  }

  /** The exported functions, in the order of the module. */
  public Collection<ExportedFunction> exports() {
    return byName.values();
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
    return byName.get(name);
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

  /** Whether calls without an entry point run it as a command. */
  public boolean isCommand() {
    return isProgram(START) && export(HANDLE) == null;
  }

  /** Whether {@link #INITIALIZE} is to be called first. */
  public boolean isReactor() {
    return isProgram(INITIALIZE);
  }

  private boolean isProgram(String entryPoint) {
    ExportedFunction entry = wasi ? export(entryPoint) : null;
    return entry != null && entry.parameters().isEmpty() && entry.results().isEmpty();
  }

  /** The export that a call means: that of a command has a name of its own. */
  public String entryPoint(CallRequest request) {
    return request.entryPoint().equals(HANDLE) && isCommand() ? START : request.entryPoint();
  }

  /** How the entry point of a call is called, if it can be. */
  public Abi abi(CallRequest request) {
    String name = entryPoint(request);
    return switch (request.input()) {
      case CallInput.Streams _ -> Abi.PROGRAM;
      case CallInput.Payload _ -> isProgram(name) ? Abi.PROGRAM : Abi.BYTES;
      case CallInput.Values values ->
          name.equals(START) && isProgram(name) && values.values().isEmpty()
              ? Abi.PROGRAM
              : Abi.VALUES;
    };
  }

  /**
   * Checks that a call fits.
   *
   * @throws BadCallException when it does not, saying why
   */
  public void check(CallRequest request) throws BadCallException {
    String name = entryPoint(request);
    ExportedFunction function = export(name);
    if (function == null) {
      throw new BadCallException("the module exports no function '" + name + "'");
    }
    switch (request.input()) {
      case CallInput.Payload _ -> {
        if (!isProgram(name) && !bytesAbi(name)) {
          throw new BadCallException(
              "'"
                  + name
                  + "' does not take bytes: the module must be a WASI command, or export 'memory',"
                  + " '"
                  + ALLOCATE
                  + "' (i32) -> i32, and '"
                  + name
                  + "' (i32, i32) -> i64");
        }
      }
      case CallInput.Streams _ -> {
        if (!isProgram(name)) {
          throw new BadCallException(
              "'" + name + "' does not take streams: the module must be a WASI command");
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
