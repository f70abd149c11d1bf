package dev.troupe.engine.text;

/**
 * All index spaces of one module, filled by {@link ModuleBinder} and read by everything after it.
 */
final class ModuleContext {
  final TypeSpace types = new TypeSpace();
  final IndexSpace functions = new IndexSpace("func");
  final IndexSpace tables = new IndexSpace("table");
  final IndexSpace memories = new IndexSpace("memory");
  final IndexSpace tags = new IndexSpace("tag");
  final IndexSpace globals = new IndexSpace("global");
  final IndexSpace elements = new IndexSpace("elem segment");
  final IndexSpace data = new IndexSpace("data segment");

  /** Set when code names a data segment, which needs the data-count section. */
  boolean usesDataSegments;
}
