package dev.troupe.engine.compile;

/**
 * A compiled module before it becomes an artifact.
 *
 * @param plan where it comes from
 * @param text its code
 * @param heap initial contents of its memories
 */
record LinkedModule(ModulePlan plan, LinkedText text, HeapImages.Result heap) {}
