package dev.troupe.gateway.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * Health for load balancers and supervisors. Live: the process answers; restart it when it does
 * not. Ready: every component can take calls; 503 says which cannot and why.
 */
public final class HealthPages {
  private static final int UNAVAILABLE = 503;

  private HealthPages() {}

  /**
   * A part of the server.
   *
   * @param name what it is
   * @param ready whether it can do its work now
   * @param reason why, or what it has to say
   */
  public record Component(String name, boolean ready, String reason) {}

  /** Always up. */
  public static Page live() {
    return () -> {
      JsonObject live = new JsonObject();
      live.addProperty("status", "UP");
      return Page.Answer.json(200, live);
    };
  }

  /** Up when all components are. */
  public static Page ready(Supplier<List<Component>> components) {
    return () -> {
      JsonArray all = new JsonArray();
      boolean ready = true;
      for (Component component : components.get()) {
        JsonObject one = new JsonObject();
        one.addProperty("name", component.name());
        one.addProperty("status", component.ready() ? "UP" : "DOWN");
        one.addProperty("reason", component.reason());
        all.add(one);
        ready &= component.ready();
      }
      JsonObject answer = new JsonObject();
      answer.addProperty("status", ready ? "UP" : "DOWN");
      answer.add("components", all);
      return Page.Answer.json(ready ? 200 : UNAVAILABLE, answer);
    };
  }
}
