package dev.troupe.engine.text;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the name section (appendix 7.4.1) from the identifiers of the text. */
final class NameSectionWriter {
  private final ModuleContext module;
  private final @Nullable String moduleName;
  private final TreeMap<Integer, TreeMap<Integer, String>> locals = new TreeMap<>();
  private final TreeMap<Integer, TreeMap<Integer, String>> labels = new TreeMap<>();

  NameSectionWriter(ModuleContext module, @Nullable String moduleName) {
    this.module = module;
    this.moduleName = moduleName;
  }

  /** Remembers the locals of a function. */
  void locals(int function, IndexSpace space) {
    put(locals, function, named(space));
  }

  /** Remembers the labels of a function, by the number of the block. */
  void labels(int function, TreeMap<Integer, String> named) {
    put(labels, function, named);
  }

  private static void put(
      TreeMap<Integer, TreeMap<Integer, String>> all,
      int function,
      TreeMap<Integer, String> names) {
    if (!names.isEmpty()) {
      all.put(function, names);
    }
  }

  private static TreeMap<Integer, String> named(IndexSpace space) {
    TreeMap<Integer, String> names = new TreeMap<>();
    for (int i = 0; i < space.size(); i++) {
      String name = space.name(i);
      if (name != null) {
        names.put(i, name);
      }
    }
    return names;
  }

  /** The contents of the section without its name; empty when nothing has a name. */
  ByteSink write(AnnotationReader annotations) {
    ByteSink out = new ByteSink();
    String name = annotations.moduleName() == null ? moduleName : annotations.moduleName();
    if (name != null) {
      ByteSink body = new ByteSink();
      body.name(name);
      subsection(out, 0, body);
    }
    map(out, 1, module.functions);
    indirectMap(out, 2, locals);
    indirectMap(out, 3, labels);
    map(out, 4, module.types.ids());
    map(out, 5, module.tables);
    map(out, 6, module.memories);
    map(out, 7, module.globals);
    map(out, 8, module.elements);
    map(out, 9, module.data);
    TreeMap<Integer, TreeMap<Integer, String>> fields = new TreeMap<>();
    module.types.fields().forEach((type, space) -> fields.put(type, named(space)));
    indirectMap(out, 10, fields);
    map(out, 11, module.tags);
    return out;
  }

  private static void map(ByteSink out, int id, IndexSpace space) {
    TreeMap<Integer, String> names = named(space);
    if (!names.isEmpty()) {
      ByteSink body = new ByteSink();
      nameMap(body, names);
      subsection(out, id, body);
    }
  }

  private static void indirectMap(
      ByteSink out, int id, TreeMap<Integer, TreeMap<Integer, String>> spaces) {
    ByteSink entries = new ByteSink();
    int count = 0;
    for (var entry : spaces.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        entries.u32(entry.getKey());
        nameMap(entries, entry.getValue());
        count++;
      }
    }
    if (count > 0) {
      ByteSink body = new ByteSink();
      body.u32(count);
      body.add(entries);
      subsection(out, id, body);
    }
  }

  private static void nameMap(ByteSink out, TreeMap<Integer, String> names) {
    out.u32(names.size());
    names.forEach((index, name) -> {
      out.u32(index);
      out.name(name);
    });
  }

  private static void subsection(ByteSink out, int id, ByteSink body) {
    out.add(id);
    out.vector(body);
  }
}
