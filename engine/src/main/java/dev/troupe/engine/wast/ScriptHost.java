package dev.troupe.engine.wast;

import dev.troupe.engine.text.WastValue;
import java.util.List;
import java.util.Set;

/**
 * An engine as scripts see it: one store, which has the instance {@code spectest} registered from
 * the beginning. Used by one thread.
 *
 * @param <M> its modules
 * @param <I> its instances
 */
public interface ScriptHost<M, I> extends AutoCloseable {
  /**
   * Decodes, validates and compiles a module.
   *
   * @throws dev.troupe.engine.wasm.MalformedException when it is malformed
   * @throws dev.troupe.engine.wasm.InvalidException when it is invalid
   */
  M load(byte[] binary);

  /** The module names that a module imports from. */
  Set<String> importedModules(M module);

  /**
   * Instantiates a module with imports from registered instances.
   *
   * @throws ScriptLinkException when an import is missing or does not fit
   * @throws ScriptTrapException when instantiation traps
   */
  I instantiate(M module) throws ScriptLinkException, ScriptTrapException;

  /** Makes an instance's exports importable under a module name. */
  void register(String name, I instance);

  /**
   * Calls an exported function.
   *
   * @throws ScriptTrapException when it traps
   * @throws IllegalArgumentException when there is no such function or the arguments do not fit
   */
  List<ScriptValue> invoke(I instance, String function, List<WastValue> arguments)
      throws ScriptTrapException;

  /**
   * Reads an exported global.
   *
   * @throws IllegalArgumentException when there is none
   */
  ScriptValue get(I instance, String global);

  /** Drops the store and everything in it. */
  @Override
  void close();
}
