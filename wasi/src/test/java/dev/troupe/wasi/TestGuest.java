package dev.troupe.wasi;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A guest that calls what the test says: it exports, for every function of WASI, a function that
 * passes its arguments on, and its memory of one page.
 */
final class TestGuest implements AutoCloseable {
  static final int MEMORY_BYTES = 65_536;

  /** Where {@link #path} puts paths. */
  private static final int PATH = 60_000;

  private static final int NEW_PATH = 62_000;

  private final Engine engine = Engine.create();
  private final Module module = Module.fromText(engine, text());
  private final WasiContext context;
  private final Store<WasiContext> store;
  private final Instance instance;

  TestGuest(WasiContext.Builder world) throws IOException {
    this(world.build());
  }

  /** Takes over a world. */
  TestGuest(WasiContext context) {
    this.context = context;
    store = Store.create(engine, context);
    Linker<WasiContext> linker = Linker.create(engine);
    Wasi.addTo(linker, data -> data);
    instance = linker.instantiate(store, module);
  }

  private static String text() {
    StringBuilder imports = new StringBuilder("(module\n");
    StringBuilder functions = new StringBuilder("(memory (export \"memory\") 1)\n");
    for (WasiFunction function : WasiFunction.values()) {
      String name = function.importName();
      String type = type(function.type());
      imports.append(
          String.format("(import \"%s\" \"%s\" (func $%s %s))%n", Wasi.MODULE, name, name, type));
      functions.append(String.format("(func (export \"%s\") %s (call $%s", name, type, name));
      for (int i = 0; i < function.type().paramCount(); i++) {
        functions.append(" (local.get ").append(i).append(')');
      }
      functions.append("))\n");
    }
    return imports.append(functions).append(')').toString();
  }

  private static String type(FuncType type) {
    StringBuilder text = new StringBuilder("(param");
    for (ValType param : type.params()) {
      text.append(param == NumType.I64 ? " i64" : " i32");
    }
    return text.append(type.resultCount() == 0 ? ")" : ") (result i32)").toString();
  }

  /** Calls a function: the error number. */
  int call(WasiFunction function, long... arguments) {
    List<Value> results = instance.func(function.importName()).call(values(function, arguments));
    return results.isEmpty() ? 0 : results.getFirst().asI32();
  }

  private static List<Value> values(WasiFunction function, long... arguments) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      values.add(
          function.type().params().get(i) == NumType.I64
              ? Value.i64(arguments[i])
              : Value.i32((int) arguments[i]));
    }
    return values;
  }

  /** Begins a call that may be parked. */
  Invocation start(WasiFunction function, long... arguments) {
    return instance.func(function.importName()).start(values(function, arguments));
  }

  Carrier attachCarrier() {
    return engine.attachCarrier();
  }

  Store<WasiContext> store() {
    return store;
  }

  /** The port of a listening descriptor. */
  int localPort(int fd) {
    return context.localPort(fd);
  }

  /** The descriptor of the host behind a guest's. */
  int hostDescriptor(int fd) {
    return context.descriptors().get(fd).pollable();
  }

  Memory memory() {
    return instance.memory("memory");
  }

  int int32(int offset) {
    return memory().getInt(offset);
  }

  long int64(int offset) {
    return memory().getLong(offset);
  }

  /** Writes text: how many bytes. */
  int put(int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    memory().write(offset, bytes);
    return bytes.length;
  }

  void write(int offset, String text) {
    int unused = put(offset, text);
  }

  String text(int offset, int length) {
    return memory().readUtf8(offset, length);
  }

  /** Puts iovecs at {@code offset}: pointer and length in turn. */
  void vectors(int offset, int... pointersAndLengths) {
    for (int i = 0; i < pointersAndLengths.length; i++) {
      memory().putInt(offset + 4L * i, pointersAndLengths[i]);
    }
  }

  /** Opens a file for reading and writing beneath descriptor 3: the error number. */
  int open(String path, int openFlags, long rights, int result) {
    return open(3, 1, path, openFlags, rights, 0, result);
  }

  /** Opens a file: the error number; the descriptor is at {@code result}. */
  int open(
      int directory, int lookup, String path, int openFlags, long rights, int flags, int result) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    memory().write(PATH, bytes);
    return call(
        WasiFunction.PATH_OPEN,
        directory,
        lookup,
        PATH,
        bytes.length,
        openFlags,
        rights,
        rights,
        flags,
        result);
  }

  /** Opens a file that must be there: its descriptor. */
  int opened(String path, int openFlags, long rights) {
    int errno = open(path, openFlags, rights, 0);
    if (errno != 0) {
      throw new AssertionError("path_open " + path + ": error " + errno);
    }
    return int32(0);
  }

  /** The status of a path beneath descriptor 3: the error number; the status is at 0. */
  int stat(String path, int lookup) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    memory().write(PATH, bytes);
    return call(WasiFunction.PATH_FILESTAT_GET, 3, lookup, PATH, bytes.length, 0);
  }

  /** Calls a function of a directory and a path: the error number. */
  int path(WasiFunction function, String path) {
    int bytes = put(PATH, path);
    return call(function, 3, PATH, bytes);
  }

  /** {@code path_rename} beneath descriptor 3. */
  int rename(String from, String to) {
    int bytes = put(PATH, from);
    int newBytes = put(NEW_PATH, to);
    return call(WasiFunction.PATH_RENAME, 3, PATH, bytes, 3, NEW_PATH, newBytes);
  }

  /** {@code path_link} beneath descriptor 3. */
  int link(String from, String to) {
    int bytes = put(PATH, from);
    int newBytes = put(NEW_PATH, to);
    return call(WasiFunction.PATH_LINK, 3, 0, PATH, bytes, 3, NEW_PATH, newBytes);
  }

  /** {@code path_symlink} beneath descriptor 3. */
  int symlink(String target, String name) {
    int bytes = put(PATH, target);
    int newBytes = put(NEW_PATH, name);
    return call(WasiFunction.PATH_SYMLINK, PATH, bytes, 3, NEW_PATH, newBytes);
  }

  /** {@code path_readlink} beneath descriptor 3; the text is at 0, its length at 4096. */
  int readlink(String path, int bytes) {
    int length = put(PATH, path);
    return call(WasiFunction.PATH_READLINK, 3, PATH, length, 0, bytes, 4096);
  }

  @Override
  public void close() {
    store.close();
    context.close();
    module.close();
    engine.close();
  }
}
