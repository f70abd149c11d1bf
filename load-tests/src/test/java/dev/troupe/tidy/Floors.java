package dev.troupe.tidy;

import java.util.Map;
import java.util.Set;

/** Which package of ours may import which: the architecture as a table. */
final class Floors {
  /** Maven modules in build order. */
  static final java.util.List<String> MODULES =
      java.util.List.of(
          "proto",
          "engine",
          "pooling-allocator",
          "wasi",
          "scheduler",
          "actors",
          "gateway",
          "load-tests");

  private static final String ENGINE = "dev.troupe.engine";

  /**
   * For every engine package, the engine packages it may import, named without the common prefix;
   * the façade itself is the empty name. A package may always import its own sub-packages' parent
   * only where listed.
   */
  static final Map<String, Set<String>> ENGINE_FLOORS =
      Map.ofEntries(
          floor("base"),
          floor("cache"),
          floor("os", "base"),
          floor("wasm", "base"),
          floor("asm.x64", "base"),
          floor("contract", "base", "wasm"),
          floor("decode", "base", "wasm"),
          floor("validate", "base", "wasm", "decode"),
          floor("text", "base", "wasm"),
          floor("text.print", "base", "wasm", "text", "decode"),
          floor("ssa", "base", "wasm", "contract"),
          floor("ssa.analysis", "base", "ssa"),
          floor("ssa.pass", "base", "wasm", "contract", "ssa", "ssa.analysis"),
          floor("regalloc", "base"),
          floor("regalloc.checker", "base", "regalloc"),
          floor("digest", "os", "asm.x64"),
          floor("artifact", "base", "os", "wasm", "contract", "digest"),
          floor("frontend", "base", "wasm", "decode", "validate", "contract", "ssa"),
          floor(
              "backend.x64",
              "base",
              "wasm",
              "contract",
              "ssa",
              "ssa.analysis",
              "regalloc",
              "regalloc.checker",
              "asm.x64"),
          floor(
              "compile",
              "base",
              "wasm",
              "decode",
              "validate",
              "contract",
              "ssa",
              "ssa.analysis",
              "ssa.pass",
              "frontend",
              "backend.x64",
              "artifact"),
          floor("runtime", "base", "os", "wasm", "contract", "artifact", "runtime.stub"),
          floor("runtime.stub", "base", "os", "wasm", "contract", "asm.x64"),
          floor(
              "runtime.exec",
              "base",
              "os",
              "wasm",
              "contract",
              "artifact",
              "runtime",
              "runtime.stub"));

  /** For every module's package prefix, the prefixes of ours it may import besides itself. */
  static final Map<String, Set<String>> MODULE_DIRECTION =
      Map.of(
          "dev.troupe.engine", Set.of(),
          "dev.troupe.pooling", Set.of("dev.troupe.engine"),
          "dev.troupe.wasi", Set.of("dev.troupe.engine"),
          "dev.troupe.scheduler", Set.of(),
          "dev.troupe.actors", Set.of("dev.troupe.engine", "dev.troupe.scheduler"),
          "dev.troupe.gateway",
              Set.of(
                  "dev.troupe.engine",
                  "dev.troupe.pooling",
                  "dev.troupe.wasi",
                  "dev.troupe.scheduler",
                  "dev.troupe.actors",
                  "dev.troupe.functions"),
          "dev.troupe.load", Set.of("dev.troupe.functions"),
          "dev.troupe.tidy", Set.of());

  private Floors() {}

  private static Map.Entry<String, Set<String>> floor(String name, String... imports) {
    return Map.entry(ENGINE + "." + name, prefixed(imports));
  }

  private static Set<String> prefixed(String... names) {
    Set<String> result = new java.util.TreeSet<>();
    for (String name : names) {
      result.add(ENGINE + "." + name);
    }
    return result;
  }
}
