package dev.troupe.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the rules look at in one class file.
 *
 * @param module the Maven module
 * @param name the class's binary name
 * @param packageName its package
 * @param referencedClasses binary names of the classes in its constant pool
 * @param calls referenced members as {@code owner.member}
 * @param methodLines {@code method: lines} of every method with code
 */
record CompiledClass(
    String module,
    String name,
    String packageName,
    Set<String> referencedClasses,
    Set<String> calls,
    List<MethodLines> methodLines) {

  /** A method and the number of source lines it spans. */
  record MethodLines(String method, int lines) {}

  /** All production classes of a module. */
  static List<CompiledClass> ofModule(Path root, String module) {
    Path classes = root.resolve(module).resolve("target/classes");
    if (!Files.isDirectory(classes)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .sorted()
          .map(file -> read(module, file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompiledClass read(String module, Path file) {
    ClassModel model;
    try {
      model = ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set<String> classes = new TreeSet<>();
    Set<String> calls = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type -> addType(classes, type.asSymbol());
        case MemberRefEntry member ->
            calls.add(binaryName(member.owner().asSymbol()) + "." + member.name().stringValue());
        default -> {}
      }
    }
    String name = model.thisClass().asInternalName().replace('/', '.');
    int dot = name.lastIndexOf('.');
    return new CompiledClass(
        module, name, dot < 0 ? "" : name.substring(0, dot), classes, calls, lines(model));
  }

  private static void addType(Set<String> classes, ClassDesc type) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    if (!element.isPrimitive()) {
      classes.add(binaryName(element));
    }
  }

  private static String binaryName(ClassDesc type) {
    if (type.isArray()) {
      return "[]";
    }
    return type.packageName().isEmpty()
        ? type.displayName()
        : type.packageName() + "." + type.displayName();
  }

  private static List<MethodLines> lines(ClassModel model) {
    List<MethodLines> result = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      method
          .code()
          .flatMap(code -> code.findAttribute(Attributes.lineNumberTable()))
          .ifPresent(table -> {
            int first = Integer.MAX_VALUE;
            int last = 0;
            for (var line : table.lineNumbers()) {
              first = Math.min(first, line.lineNumber());
              last = Math.max(last, line.lineNumber());
            }
            result.add(new MethodLines(method.methodName().stringValue(), last - first + 1));
          });
    }
    return result;
  }
}
