package dev.troupe.engine.artifact;

/** What an artifact was compiled from: the {@code e_flags} of the ELF header. */
public enum ArtifactKind {
  /** A core module. */
  MODULE(0x54_52_00_01),
  /** A component. */
  COMPONENT(0x54_52_00_02);

  private final int flags;

  ArtifactKind(int flags) {
    this.flags = flags;
  }

  int flags() {
    return flags;
  }
}
