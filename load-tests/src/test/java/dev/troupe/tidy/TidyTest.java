package dev.troupe.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The architecture's floors, the modules' direction and the house style, checked by machine. */
class TidyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int MAX_FILE_LINES = 800;
  private static final int MAX_METHOD_LINES = 75;

  /** Tables and the one lowering switch: longer than a file should be, for a reason. */
  private static final Set<String> LONG_FILES = Set.of("WasmOp.java", "X64Op.java");

  /** Methods that are one table or one switch. */
  private static final Set<String> LONG_METHODS = Set.of();

  /** Banned member or class, and what to use. */
  private static final Map<String, String> BANNED =
      Map.of(
          "java.lang.Thread.sleep", "wait on a condition, or take a port for time",
          "java.lang.foreign.Linker.nativeLinker", "call through dev.troupe.engine.os",
          "java.lang.foreign.Linker$Option.critical", "never: every GC would wait for the guest",
          "java.lang.System.exit", "return an exit status to main",
          "java.lang.Class.forName", "wire by hand in the composition root",
          "java.lang.reflect.Method.invoke", "wire by hand in the composition root",
          "java.lang.Thread.stop", "cancel the fiber");

  /** Where a banned thing may be used after all. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "java.lang.foreign.Linker.nativeLinker",
              // The load generator is another program and knows nothing of the engine.
              Set.of("dev.troupe.engine.os", "dev.troupe.load.client"),
          "java.lang.System.exit",
              Set.of("dev.troupe.gateway", "dev.troupe.gateway.cli", "dev.troupe.load"));

  private static List<CompiledClass> classes = List.of();

  @BeforeAll
  static void readClasses() {
    List<CompiledClass> all = new ArrayList<>();
    for (String module : Floors.MODULES) {
      if (!module.equals("proto")) {
        all.addAll(CompiledClass.ofModule(ROOT, module));
      }
    }
    classes = List.copyOf(all);
    assertThat(classes).as("compiled classes under " + ROOT).hasSizeGreaterThan(50);
  }

  @Test
  void enginePackagesImportOnlyTheirFloors() {
    Set<String> offences = new TreeSet<>();
    for (CompiledClass type : classes) {
      Set<String> allowed = Floors.ENGINE_FLOORS.get(type.packageName());
      if (allowed == null) {
        if (type.packageName().startsWith("dev.troupe.engine.") && isFloor(type.packageName())) {
          offences.add(type.packageName() + " is on no floor: add it to Floors");
        }
        continue;
      }
      for (String used : type.referencedClasses()) {
        String target = packageOf(used);
        if (target.startsWith("dev.troupe")
            && !target.equals(type.packageName())
            && !allowed.contains(target)) {
          offences.add(type.name() + " -> " + used);
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void modulesPointDown() {
    Set<String> offences = new TreeSet<>();
    for (CompiledClass type : classes) {
      String home = home(type.packageName());
      for (String used : type.referencedClasses()) {
        if (used.startsWith("dev.troupe.")) {
          String target = home(packageOf(used));
          Set<String> allowed = Floors.MODULE_DIRECTION.getOrDefault(home, Set.of());
          if (!target.equals(home) && !allowed.contains(target)) {
            offences.add(type.name() + " -> " + used);
          }
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void bannedCallsAreNotMade() {
    Set<String> offences = new TreeSet<>();
    for (CompiledClass type : classes) {
      for (String call : type.calls()) {
        String instead = BANNED.get(call);
        if (instead != null && !ALLOWED.getOrDefault(call, Set.of()).contains(type.packageName())) {
          offences.add(type.name() + " calls " + call + ": " + instead);
        }
      }
      if (type.referencedClasses().contains("sun.misc.Unsafe")) {
        offences.add(type.name() + " uses sun.misc.Unsafe");
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void methodsAreShort() {
    Set<String> offences = new TreeSet<>();
    for (CompiledClass type : classes) {
      for (CompiledClass.MethodLines method : type.methodLines()) {
        String name = simpleName(type.name()) + "." + method.method();
        boolean initializer =
            method.method().equals("<clinit>") || method.method().equals("<init>");
        if (method.lines() > MAX_METHOD_LINES && !initializer && !LONG_METHODS.contains(name)) {
          offences.add(name + ": " + method.lines() + " lines");
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void filesAreShort() throws IOException {
    Set<String> offences = new TreeSet<>();
    for (Path file : sources("src/main/java", "src/test/java")) {
      long lines = Files.readAllLines(file).size();
      if (lines > MAX_FILE_LINES && !LONG_FILES.contains(file.getFileName().toString())) {
        offences.add(ROOT.relativize(file) + ": " + lines + " lines");
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void everyPackageIntroducesItself() throws IOException {
    Set<String> offences = new TreeSet<>();
    for (Path file : sources("src/main/java")) {
      Path page = file.resolveSibling("package-info.java");
      if (!Files.exists(page)) {
        offences.add(ROOT.relativize(file.getParent()) + " has no package-info.java");
      } else if (!Files.readString(page).contains("@NullMarked")) {
        offences.add(ROOT.relativize(page) + " is not @NullMarked");
      }
    }
    assertThat(offences).isEmpty();
  }

  private static List<Path> sources(String... folders) throws IOException {
    List<Path> result = new ArrayList<>();
    for (String module : Floors.MODULES) {
      for (String folder : folders) {
        Path start = ROOT.resolve(module).resolve(folder);
        if (Files.isDirectory(start)) {
          try (Stream<Path> files = Files.walk(start)) {
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(result::add);
          }
        }
      }
    }
    return result;
  }

  // The façade's own helpers (such as the script runner) stand above the floors.
  private static boolean isFloor(String packageName) {
    return !packageName.equals("dev.troupe.engine.wast")
        && !packageName.equals("dev.troupe.engine.profile");
  }

  private static String home(String packageName) {
    String[] parts = packageName.split("\\.", -1);
    return parts.length < 3 ? packageName : parts[0] + "." + parts[1] + "." + parts[2];
  }

  private static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
