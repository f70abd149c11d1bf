package dev.troupe.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command of a test script (the format of the specification's own tests). */
public sealed interface WastCommand {
  /** The line on which the command starts, from 1. */
  int line();

  /**
   * {@code (module ...)}: defines a module and, unless it is a mere definition, instantiates it.
   *
   * @param id the module's identifier, or null
   * @param instantiate false for {@code (module definition ...)}
   */
  record Module(int line, @Nullable String id, WastModule module, boolean instantiate)
      implements WastCommand {}

  /**
   * {@code (module instance $instance $definition)}.
   *
   * @param id the new instance's identifier, or null
   * @param definition the identifier of the module definition, or null for the last one
   */
  record Instance(int line, @Nullable String id, @Nullable String definition)
      implements WastCommand {}

  /**
   * {@code (register "name" $module)}: makes an instance importable.
   *
   * @param module the instance's identifier, or null for the last one
   */
  record Register(int line, String name, @Nullable String module) implements WastCommand {}

  /** An action whose results do not matter. */
  record Perform(int line, WastAction action) implements WastCommand {}

  /** The action returns these results. */
  record AssertReturn(int line, WastAction action, List<WastPattern> expected)
      implements WastCommand {
    public AssertReturn {
      expected = List.copyOf(expected);
    }
  }

  /** The action traps, and the trap's message starts with the text. */
  record AssertTrap(int line, WastAction action, String message) implements WastCommand {}

  /** The action exhausts a resource, usually the call stack. */
  record AssertExhaustion(int line, WastAction action, String message) implements WastCommand {}

  /** The action throws a WebAssembly exception that nothing catches. */
  record AssertException(int line, WastAction action) implements WastCommand {}

  /** The module cannot be parsed or decoded. */
  record AssertMalformed(int line, WastModule module, String message) implements WastCommand {}

  /** The module can be decoded but is not valid. */
  record AssertInvalid(int line, WastModule module, String message) implements WastCommand {}

  /** The module is valid, but what a custom section says about it is not. */
  record AssertInvalidCustom(int line, WastModule module, String message) implements WastCommand {}

  /** The module is valid but its imports cannot be satisfied. */
  record AssertUnlinkable(int line, WastModule module, String message) implements WastCommand {}

  /** The module's imports fit but its instantiation traps. */
  record AssertUninstantiable(int line, WastModule module, String message) implements WastCommand {}
}
