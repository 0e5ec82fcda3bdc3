package dev.faultline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/// Asks a server's admin API, and turns what goes wrong into complaints with an exit code.
final class AdminClient implements AutoCloseable {
  static final String ROOT = "/faultline/v1/";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int PAGE_MAX = 1_000;

  private final URI base;
  private final String token;
  private final AutoCloseable server;
  private final boolean serving;
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();

  /// `server` is closed with this client: a server of its own, or nothing.
  AdminClient(URI base, String token, AutoCloseable server) {
    this(base, token, server, true);
  }

  private AdminClient(URI base, String token, AutoCloseable server, boolean serving) {
    this.base = base;
    this.token = token;
    this.server = server;
    this.serving = serving;
  }

  /// Of a server that was started to read what another has kept, and is stopped with this client.
  static AdminClient reading(URI base, AutoCloseable reader) {
    return new AdminClient(base, "", reader, false);
  }

  URI base() {
    return base;
  }

  /// The document at a path below `/faultline/v1/`.
  JsonNode fetch(String path) throws CommandException {
    return fetch(path, Map.of());
  }

  JsonNode fetch(String path, Map<String, String> query) throws CommandException {
    return ask("GET", path, query);
  }

  /// Removes what is at a path, and says what that was.
  JsonNode delete(String path, Map<String, String> query) throws CommandException {
    return ask("DELETE", path, query);
  }

  private JsonNode ask(String method, String path, Map<String, String> query) throws CommandException {
    URI uri = base.resolve(ROOT + path + text(query));
    return answer(uri, send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody())));
  }

  /// What is no document: a page, or lines of text.
  String fetchText(String path) throws CommandException {
    URI uri = base.resolve(ROOT + path);
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri).GET());
    if (response.statusCode() == 200) {
      return response.body();
    }
    throw new CommandException(ExitCode.UNREACHABLE, Complaint.of("the server answers " + response.statusCode() + ": " + detail(response)).at(uri.toString()));
  }

  /// Sends a document to a path below `/faultline/v1/`.
  JsonNode post(String path, JsonNode document) throws CommandException {
    URI uri = base.resolve(ROOT + path);
    return answer(uri, send(HttpRequest.newBuilder(uri).header("Content-Type", "application/json").POST(BodyPublishers.ofString(document.toString()))));
  }

  /// Puts a document at a path below `/faultline/v1/`.
  JsonNode put(String path, JsonNode document) throws CommandException {
    URI uri = base.resolve(ROOT + path);
    return answer(uri, send(HttpRequest.newBuilder(uri).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(document.toString()))));
  }

  /// Whether a server with models answers, and not one that only reads what another has kept.
  boolean isServing() {
    return serving;
  }

  private JsonNode answer(URI uri, HttpResponse<String> response) throws CommandException {
    return switch (response.statusCode()) {
      case 200, 201, 202 -> parse(uri, response.body());
      case 401, 403 -> throw new CommandException(ExitCode.FORBIDDEN, refused(uri, response));
      case 404 -> throw new CommandException(ExitCode.UNKNOWN, Complaint.of(detail(response)).help("faultline faults, captures and models list what there is"));
      case 409 -> throw new CommandException(ExitCode.BAD, Complaint.of(detail(response)));
      case 400 -> throw new CommandException(ExitCode.USAGE, Complaint.of(detail(response)).at(uri.toString()));
      default -> throw new CommandException(
          ExitCode.UNREACHABLE, Complaint.of("the server answers " + response.statusCode() + ": " + detail(response)).at(uri.toString()));
    };
  }

  /// The items of a list, page after page, up to `max`; `truncated` says whether there are more.
  ObjectNode list(String path, Map<String, String> query, int max) throws CommandException {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    ArrayNode items = list.putArray("items");
    String cursor = "";
    do {
      var paged = new LinkedHashMap<>(query);
      paged.put("limit", Integer.toString(Math.min(PAGE_MAX, max - items.size())));
      if (!cursor.isEmpty()) {
        paged.put("cursor", cursor);
      }
      JsonNode page = fetch(path, paged);
      page.path("items").forEach(items::add);
      cursor = page.path("next").isTextual() ? page.path("next").asText() : "";
    } while (!cursor.isEmpty() && items.size() < max);
    return list.put("truncated", !cursor.isEmpty());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws CommandException {
    request.timeout(ANSWER_TIMEOUT).header("Accept", "application/json, application/problem+json");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(ExitCode.UNREACHABLE, unreachable(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }

  private Complaint unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return Complaint.of("no server answers at " + base)
        .note(why)
        .help("start one: faultline serve DIR")
        .help("or say where it is: --server URL, with its admin port, or FAULTLINE_SERVER");
  }

  private static Complaint refused(URI uri, HttpResponse<String> response) {
    return Complaint.of("the server does not let this command in: " + detail(response)).at(uri.toString()).help("give its token: --token, or FAULTLINE_ADMIN_TOKEN");
  }

  private static JsonNode parse(URI uri, String text) throws CommandException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandException(ExitCode.UNREACHABLE, Complaint.of("what answers at " + uri + " does not speak JSON").help("is it the admin port?"), e);
    }
  }

  private static String detail(HttpResponse<String> response) {
    try {
      JsonNode problem = MAPPER.readTree(response.body());
      String detail = problem.path("detail").asText(problem.path("error").asText(""));
      return detail.isEmpty() ? "status " + response.statusCode() : detail;
    } catch (JsonProcessingException e) {
      return "status " + response.statusCode();
    }
  }

  private static String text(Map<String, String> query) {
    if (query.isEmpty()) {
      return "";
    }
    var text = new StringJoiner("&", "?", "");
    query.forEach((name, value) -> text.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Override
  public void close() {
    http.close();
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop reading the captures", e);
    }
  }
}
