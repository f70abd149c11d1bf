package dev.troupe.engine.ssa;

/**
 * Something computed from the blocks and edges of a function, and from nothing else: neither from
 * parameters and arguments, nor from other instructions than terminators, nor from the layout. The
 * function keeps one as long as its graph does not change, so that passes that leave the graph
 * alone cost no new analysis.
 */
public interface GraphAnalysis {}
