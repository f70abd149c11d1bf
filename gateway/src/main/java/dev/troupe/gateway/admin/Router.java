package dev.troupe.gateway.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Pages by path. Immutable. */
public final class Router {
  private final Map<String, Page> pages;

  /** Pages by their exact paths. */
  public Router(Map<String, Page> pages) {
    this.pages = new TreeMap<>(pages);
  }

  /** What a request gets; an unknown path gets the list of those that exist. */
  Page.Answer route(String method, String path) {
    Page page = pages.get(path);
    if (page == null) {
      JsonObject missing = new JsonObject();
      missing.addProperty("error", "no such page");
      JsonArray known = new JsonArray();
      pages.keySet().forEach(known::add);
      missing.add("pages", known);
      return Page.Answer.json(404, missing);
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      JsonObject wrong = new JsonObject();
      wrong.addProperty("error", "pages are read with GET");
      return Page.Answer.json(405, wrong);
    }
    return page.look();
  }
}
