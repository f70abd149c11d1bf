package dev.troupe.engine.wast;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.WastAction;
import dev.troupe.engine.text.WastCommand;
import dev.troupe.engine.text.WastModule;
import dev.troupe.engine.text.WatException;
import dev.troupe.engine.validate.BranchHintRules;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One script in one store: its modules and instances by name, and the count of what happened. */
final class ScriptRun<M, I> {
  /** A directive did not hold; the message says why. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /** A directive needs something that an earlier one could not make for want of a feature. */
  private static final class Skipped extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** A module or an instance under a name, or the fact that there is none for want of a feature. */
  private record Slot<T>(@Nullable T value) {}

  private final String file;
  private final ScriptHost<M, I> host;

  /** Definitions and instances by identifier; the last one also under the empty identifier. */
  private final Map<String, Slot<M>> definitions = new HashMap<>();

  private final Map<String, Slot<I>> instances = new HashMap<>();

  /** Names under which an instance would be registered if its features were on. */
  private final Set<String> absent = new HashSet<>();

  private final List<WastReport.Failure> failures = new ArrayList<>();
  private int passed;
  private int skipped;

  ScriptRun(String file, ScriptHost<M, I> host) {
    this.file = file;
    this.host = host;
  }

  WastReport run(List<WastCommand> commands) {
    for (WastCommand command : commands) {
      try {
        execute(command);
        passed += isCounted(command) ? 1 : 0;
      } catch (Failed e) {
        fail(command, String.valueOf(e.getMessage()));
      } catch (Skipped e) {
        skipped++;
      } catch (RuntimeException e) {
        fail(command, "engine failed: " + e);
      }
    }
    return new WastReport(passed, failures.size(), skipped, failures);
  }

  private void fail(WastCommand command, String message) {
    // A trap's message goes on with its backtrace, which has lines of its own.
    String firstLine = message.lines().findFirst().orElse("");
    failures.add(new WastReport.Failure(file, command.line(), firstLine));
  }

  /** Assertions and actions count when they pass; what only prepares them counts when it fails. */
  private static boolean isCounted(WastCommand command) {
    return switch (command) {
      case WastCommand.Module _, WastCommand.Instance _, WastCommand.Register _ -> false;
      case WastCommand.Perform _,
          WastCommand.AssertReturn _,
          WastCommand.AssertTrap _,
          WastCommand.AssertExhaustion _,
          WastCommand.AssertException _,
          WastCommand.AssertMalformed _,
          WastCommand.AssertInvalid _,
          WastCommand.AssertInvalidCustom _,
          WastCommand.AssertUnlinkable _,
          WastCommand.AssertUninstantiable _ ->
          true;
    };
  }

  private void execute(WastCommand command) throws Failed, Skipped {
    switch (command) {
      case WastCommand.Module c -> module(c);
      case WastCommand.Instance c -> instanceOf(c);
      case WastCommand.Register c -> register(c);
      case WastCommand.Perform c -> {
        List<ScriptValue> unused = perform(c.action());
      }
      case WastCommand.AssertReturn c -> {
        List<ScriptValue> results = perform(c.action());
        if (!PatternMatcher.matches(c.expected(), results)) {
          throw new Failed("expected " + c.expected() + ", got " + results);
        }
      }
      case WastCommand.AssertTrap c -> traps(c.action(), c.message());
      case WastCommand.AssertExhaustion c -> traps(c.action(), c.message());
      case WastCommand.AssertException c -> traps(c.action(), "uncaught exception");
      case WastCommand.AssertMalformed c -> malformed(c.module(), c.message());
      case WastCommand.AssertInvalid c -> invalid(c.module(), c.message());
      case WastCommand.AssertInvalidCustom c -> invalidCustom(c.module(), c.message());
      case WastCommand.AssertUnlinkable c -> unlinkable(c.module(), c.message());
      case WastCommand.AssertUninstantiable c -> uninstantiable(c.module(), c.message());
    }
  }

  private void register(WastCommand.Register command) throws Failed, Skipped {
    I instance;
    try {
      instance = find(instances, command.module());
    } catch (Skipped e) {
      absent.add(command.name());
      throw e;
    }
    absent.remove(command.name());
    host.register(command.name(), instance);
  }

  private void module(WastCommand.Module command) throws Failed, Skipped {
    M module;
    try {
      module = load(command.module());
    } catch (Failed | Skipped e) {
      // Nothing may silently act on the module before this one.
      Slot<M> none = new Slot<>(null);
      bind(definitions, command.id(), e instanceof Skipped ? none : null);
      bind(instances, command.id(), e instanceof Skipped ? new Slot<>(null) : null);
      throw e;
    }
    bind(definitions, command.id(), new Slot<>(module));
    if (command.instantiate()) {
      instance(command.id(), module);
    }
  }

  private void instanceOf(WastCommand.Instance command) throws Failed, Skipped {
    M module;
    try {
      module = find(definitions, command.definition());
    } catch (Skipped e) {
      bind(instances, command.id(), new Slot<>(null));
      throw e;
    }
    instance(command.id(), module);
  }

  private void instance(@Nullable String id, M module) throws Failed, Skipped {
    bind(instances, id, null);
    try {
      skipIfImportsAreAbsent(module);
      bind(instances, id, new Slot<>(host.instantiate(module)));
    } catch (Skipped e) {
      bind(instances, id, new Slot<>(null));
      throw e;
    } catch (ScriptLinkException e) {
      throw new Failed("unlinkable: " + e.getMessage());
    } catch (ScriptTrapException e) {
      throw new Failed("instantiation trapped: " + e.getMessage());
    }
  }

  private void skipIfImportsAreAbsent(M module) throws Skipped {
    if (!Collections.disjoint(host.importedModules(module), absent)) {
      throw new Skipped();
    }
  }

  private static <T> void bind(
      Map<String, Slot<T>> slots, @Nullable String id, @Nullable Slot<T> slot) {
    for (String key : id == null ? List.of("") : List.of("", id)) {
      if (slot == null) {
        slots.remove(key);
      } else {
        slots.put(key, slot);
      }
    }
  }

  private static <T> T find(Map<String, Slot<T>> slots, @Nullable String id)
      throws Failed, Skipped {
    Slot<T> slot = slots.get(id == null ? "" : id);
    if (slot == null) {
      throw new Failed(id == null ? "there is no module" : "there is no module $" + id);
    }
    if (slot.value() == null) {
      throw new Skipped();
    }
    return slot.value();
  }

  private M load(WastModule module) throws Failed, Skipped {
    try {
      return host.load(module.toBinary());
    } catch (FeatureDisabledException e) {
      throw new Skipped();
    } catch (MalformedException e) {
      throw new Failed("malformed: " + e.getMessage());
    } catch (InvalidException e) {
      throw new Failed("invalid: " + e.getMessage());
    }
  }

  private List<ScriptValue> perform(WastAction action) throws Failed, Skipped {
    try {
      return performOrTrap(action);
    } catch (ScriptTrapException e) {
      throw new Failed("trapped: " + e.getMessage());
    }
  }

  private List<ScriptValue> performOrTrap(WastAction action)
      throws Failed, Skipped, ScriptTrapException {
    I instance = find(instances, action.module());
    return switch (action) {
      case WastAction.Invoke invoke -> host.invoke(instance, invoke.function(), invoke.arguments());
      case WastAction.Get get -> List.of(host.get(instance, get.global()));
    };
  }

  private void traps(WastAction action, String message) throws Failed, Skipped {
    List<ScriptValue> results;
    try {
      results = performOrTrap(action);
    } catch (ScriptTrapException e) {
      expectMessage("trap", withoutElementNumber(message), e.getMessage());
      return;
    }
    throw new Failed("expected trap \"" + message + "\", got " + results);
  }

  /**
   * One script wants to know which element was uninitialized. That belongs to the reference
   * interpreter's wording; a trap of compiled code is a kind and a place.
   */
  private static String withoutElementNumber(String message) {
    String prefix = "uninitialized element ";
    return message.startsWith(prefix) ? prefix.strip() : message;
  }

  /** Some scripts quote what the reference interpreter says of the operand stack. */
  private static String withoutStack(String message) {
    boolean quotes =
        message.startsWith("type mismatch: instruction requires")
            || message.startsWith("type mismatch: block requires");
    return quotes ? "type mismatch" : message;
  }

  private void malformed(WastModule module, String message) throws Failed, Skipped {
    try {
      M unused = host.load(module.toBinary());
    } catch (FeatureDisabledException e) {
      // The engine did not read on to where the module is malformed.
      throw new Skipped();
    } catch (MalformedException e) {
      expectMessage("malformed module", message, e.getMessage());
      return;
    } catch (InvalidException e) {
      throw new Failed("expected malformed \"" + message + "\", got invalid: " + e.getMessage());
    }
    throw new Failed("expected malformed \"" + message + "\", but it is a valid module");
  }

  private void invalid(WastModule module, String message) throws Failed {
    byte[] binary;
    try {
      binary = module.toBinary();
    } catch (WatException e) {
      throw new Failed("expected invalid \"" + message + "\", got malformed: " + e.getMessage());
    }
    try {
      M unused = host.load(binary);
    } catch (FeatureDisabledException e) {
      // Invalid in this engine, though for its own reason.
      return;
    } catch (InvalidException e) {
      expectMessage("invalid module", withoutStack(message), e.getMessage());
      return;
    } catch (MalformedException e) {
      throw new Failed("expected invalid \"" + message + "\", got malformed: " + e.getMessage());
    }
    throw new Failed("expected invalid \"" + message + "\", but it is a valid module");
  }

  /** An engine takes the module; who asks for what is wrong with its custom sections is told. */
  private void invalidCustom(WastModule module, String message) throws Failed, Skipped {
    M unused = load(module);
    byte[] binary = module.toBinary();
    try {
      BranchHintRules.check(ModuleDecoder.decode(binary, WasmFeatures.ALL, WasmLimits.DEFAULT));
    } catch (InvalidException e) {
      expectMessage("invalid custom section", message, e.getMessage());
      return;
    }
    throw new Failed("expected invalid custom section \"" + message + "\", but it is valid");
  }

  private void unlinkable(WastModule module, String message) throws Failed, Skipped {
    M loaded = load(module);
    skipIfImportsAreAbsent(loaded);
    try {
      I unused = host.instantiate(loaded);
    } catch (ScriptLinkException e) {
      expectMessage("link error", message, e.getMessage());
      return;
    } catch (ScriptTrapException e) {
      throw new Failed("expected unlinkable \"" + message + "\", got trap: " + e.getMessage());
    }
    throw new Failed("expected unlinkable \"" + message + "\", but it was instantiated");
  }

  private void uninstantiable(WastModule module, String message) throws Failed, Skipped {
    M loaded = load(module);
    skipIfImportsAreAbsent(loaded);
    try {
      I unused = host.instantiate(loaded);
    } catch (ScriptTrapException e) {
      expectMessage("trap", message, e.getMessage());
      return;
    } catch (ScriptLinkException e) {
      throw new Failed("expected trap \"" + message + "\", got link error: " + e.getMessage());
    }
    throw new Failed("expected trap \"" + message + "\", but it was instantiated");
  }

  private static void expectMessage(String what, String expected, @Nullable String actual)
      throws Failed {
    if (actual == null || !actual.startsWith(expected)) {
      throw new Failed("expected " + what + " \"" + expected + "\", got \"" + actual + "\"");
    }
  }
}
