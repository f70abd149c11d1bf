package dev.troupe.engine;

import java.nio.file.Path;

/** Runs an export of a saved artifact: the program of {@link CompilerlessHostTest}. */
public final class ArtifactOnlyMain {
  private ArtifactOnlyMain() {}

  /** Arguments: the artifact, an exported function, an i32. */
  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module module = Module.deserializeFile(engine, Path.of(args[0]));
        Store<Integer> store = Store.create(engine, 4)) {
      Func function = Linker.<Integer>create(engine).instantiate(store, module).func(args[1]);
      System.out.println(function.call(Value.i32(Integer.parseInt(args[2]))));
      try {
        engine.precompileModule(new byte[0]);
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
