package dev.troupe.gateway.admin;

import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;

/** Something to look at. Called on many threads at once. */
@FunctionalInterface
public interface Page {
  /** The page as it is now. */
  Answer look();

  /**
   * What is sent.
   *
   * @param status status of HTTP
   * @param contentType type of the body
   * @param body the bytes; not copied
   */
  record Answer(int status, String contentType, byte[] body) {
    /** JSON, with a line feed for those who look with curl. */
    public static Answer json(int status, JsonElement body) {
      return new Answer(status, "application/json", (body + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
