package dev.troupe.engine.text;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the name section (appendix 7.4.1) from the identifiers of the text. */
final class NameSectionWriter {
  private final ModuleContext module;
  private final @Nullable String moduleName;
  private final TreeMap<Integer, IndexSpace> locals = new TreeMap<>();

  NameSectionWriter(ModuleContext module, @Nullable String moduleName) {
    this.module = module;
    this.moduleName = moduleName;
  }

  /** Remembers the locals of a function. */
  void locals(int function, IndexSpace space) {
    for (int i = 0; i < space.size(); i++) {
      if (space.name(i) != null) {
        locals.put(function, space);
        return;
      }
    }
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
    map(out, 4, module.types.ids());
    map(out, 5, module.tables);
    map(out, 6, module.memories);
    map(out, 7, module.globals);
    map(out, 8, module.elements);
    map(out, 9, module.data);
    indirectMap(out, 10, new TreeMap<>(module.types.fields()));
    map(out, 11, module.tags);
    return out;
  }

  private static void map(ByteSink out, int id, IndexSpace space) {
    ByteSink body = new ByteSink();
    if (nameMap(body, space)) {
      subsection(out, id, body);
    }
  }

  private static void indirectMap(ByteSink out, int id, TreeMap<Integer, IndexSpace> spaces) {
    ByteSink entries = new ByteSink();
    int count = 0;
    for (var entry : spaces.entrySet()) {
      ByteSink names = new ByteSink();
      if (nameMap(names, entry.getValue())) {
        entries.u32(entry.getKey());
        entries.add(names);
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

  /** Writes the names of a space; false when there are none. */
  private static boolean nameMap(ByteSink out, IndexSpace space) {
    ByteSink entries = new ByteSink();
    int count = 0;
    for (int i = 0; i < space.size(); i++) {
      String name = space.name(i);
      if (name != null) {
        entries.u32(i);
        entries.name(name);
        count++;
      }
    }
    out.u32(count);
    out.add(entries);
    return count > 0;
  }

  private static void subsection(ByteSink out, int id, ByteSink body) {
    out.add(id);
    out.vector(body);
  }
}
