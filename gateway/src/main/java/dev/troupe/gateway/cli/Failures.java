package dev.troupe.gateway.cli;

import dev.troupe.engine.InstantiationException;
import dev.troupe.engine.LinkException;
import dev.troupe.engine.artifact.ArtifactException;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeature;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Exceptions as one sentence: which phase failed, and what it says. */
public final class Failures {
  private Failures() {}

  /** The sentence for a failure. */
  public static String sentence(Throwable failure) {
    return switch (failure) {
      case MalformedException e -> "malformed module: " + message(e) + remedy(e);
      case InvalidException e -> "invalid module: " + message(e) + remedy(e);
      case LinkException e -> "the module cannot be linked: " + message(e);
      case InstantiationException e -> "the module cannot be instantiated: " + message(e);
      case ArtifactException e -> "the artifact was rejected: " + message(e);
      case NoSuchFileException e -> "there is no file " + message(e);
      case AccessDeniedException e -> "the file " + message(e) + " may not be read or written";
      default -> message(failure);
    };
  }

  private static String remedy(WasmException failure) {
    WasmFeature missing = failure.missingFeature();
    return missing == null ? "" : "; --feature " + missing.text() + " allows it";
  }

  private static String message(Throwable failure) {
    @Nullable String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.toString() : message;
  }
}
