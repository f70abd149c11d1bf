package dev.troupe.engine.artifact;

/**
 * Sizes of the index spaces of a module while it is read, for checking indexes.
 *
 * @param types types
 * @param functions imported and defined functions
 * @param tables imported and defined tables
 * @param memories imported and defined memories
 * @param globals imported and defined globals
 * @param tags imported and defined tags
 */
record ModuleIndexes(int types, int functions, int tables, int memories, int globals, int tags) {
  int type(WireReader in, int index) {
    return require(in, "type", index, types);
  }

  int function(WireReader in, int index) {
    return require(in, "function", index, functions);
  }

  int table(WireReader in, int index) {
    return require(in, "table", index, tables);
  }

  int memory(WireReader in, int index) {
    return require(in, "memory", index, memories);
  }

  int global(WireReader in, int index) {
    return require(in, "global", index, globals);
  }

  int tag(WireReader in, int index) {
    return require(in, "tag", index, tags);
  }

  private static int require(WireReader in, String what, int index, int count) {
    if (index >= count) {
      throw in.corrupt(what + " index " + index + " of " + count);
    }
    return index;
  }
}
