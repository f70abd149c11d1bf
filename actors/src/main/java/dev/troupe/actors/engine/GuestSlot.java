package dev.troupe.actors.engine;

import org.jspecify.annotations.Nullable;

/** What host functions find in the store that they are called from: its call's world. */
public final class GuestSlot {
  private @Nullable GuestWorld world;

  /** A slot without a world. */
  public GuestSlot() {}

  /**
   * The world of the call.
   *
   * @throws IllegalStateException when it has none: its module is no program
   */
  public GuestWorld world() {
    GuestWorld present = world;
    if (present == null) {
      throw new IllegalStateException("a guest without a world asks for it");
    }
    return present;
  }

  @Nullable GuestWorld worldOrNull() {
    return world;
  }

  void put(GuestWorld newWorld) {
    world = newWorld;
  }
}
