package dev.faultline.evaluation.surface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The admin API as any user's program calls it.
public final class AdminApi {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final long POLL_MILLIS = 20;
  private static final Set<String> FINAL = Set.of("DONE", "FAILED", "CANCELLED");

  private final ServerUnderTest server;

  public AdminApi(ServerUnderTest server) {
    this.server = server;
  }

  /// How an investigation ended: the verdict, missing when there is none, and how long it took.
  public record Investigated(JsonNode verdict, String state, long millis) {}

  /// Asks for an investigation of a fault and waits for its end. A server that has no such thing answers without a verdict.
  public Investigated investigate(String fault) throws InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> posted = post("/investigations", "{\"fault\":\"" + fault + "\"}");
    String id = posted.statusCode() / 100 == 2 ? json(posted.body()).path("id").asText("") : "";
    if (id.isEmpty()) {
      return new Investigated(MissingNode.getInstance(), "HTTP " + posted.statusCode(), 0);
    }
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      JsonNode document = get("/investigations/" + id);
      String state = document.path("state").asText();
      if (FINAL.contains(state)) {
        return new Investigated(document.path("verdict"), state, (System.nanoTime() - start) / 1_000_000);
      }
      Thread.sleep(POLL_MILLIS);
    }
    return new Investigated(MissingNode.getInstance(), "no end after " + PATIENCE.toSeconds() + " s", PATIENCE.toMillis());
  }

  /// Items of a list, over all its pages, until there are enough.
  public List<JsonNode> list(String path, int countMax) throws InterruptedException {
    var items = new ArrayList<JsonNode>();
    String cursor = "";
    do {
      JsonNode page = get(path + (path.contains("?") ? "&" : "?") + "limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      page.path("items").forEach(items::add);
      cursor = page.path("next").asText("").replace("null", "");
    } while (!cursor.isEmpty() && items.size() < countMax);
    return items.subList(0, Math.min(countMax, items.size()));
  }

  /// A document; missing when there is none.
  public JsonNode get(String path) throws InterruptedException {
    HttpResponse<String> response = server.exchange(HttpRequest.newBuilder(server.admin(path)).timeout(PATIENCE).GET().build());
    return response.statusCode() == 200 ? json(response.body()) : MissingNode.getInstance();
  }

  private HttpResponse<String> post(String path, String body) throws InterruptedException {
    return server.exchange(
        HttpRequest.newBuilder(server.admin(path)).timeout(PATIENCE).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build());
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
