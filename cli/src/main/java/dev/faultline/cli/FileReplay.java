package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sends the V2 JSON request of a file to the data port, as any client would, and says what became of it.
final class FileReplay {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern ID = Pattern.compile("\\bid=(flt_[0-9A-Za-z]+)");

  private final AdminClient client;
  private final Terminal terminal;

  FileReplay(AdminClient client, Terminal terminal) {
    this.client = client;
    this.terminal = terminal;
  }

  ExitCode run(Path file, String model, String version, boolean json) throws CommandException {
    HttpResponse<String> response = send(uri(model, version), read(file));
    Optional<String> fault = id(response, "Faultline-Fault").or(() -> id(response, "Faultline-Suspicion"));
    JsonNode found = fault.isPresent() ? client.fetch("faults/" + fault.get()) : JsonNodeFactory.instance.nullNode();
    if (json) {
      terminal.print(document(response, found));
    } else {
      print(response, found);
    }
    return response.statusCode() == 200 && fault.isEmpty() ? ExitCode.GOOD : ExitCode.BAD;
  }

  private void print(HttpResponse<String> response, JsonNode fault) {
    if (response.statusCode() == 200) {
      terminal.print("200 served" + (fault.isObject() ? ", but suspicious" : ""));
      terminal.print(tree(response.body()));
    }
    if (fault.isObject()) {
      terminal.print("%s %s: %s".formatted(response.statusCode(), text(fault, "code"), text(fault, "summary")));
      terminal.say("faultline explain " + text(fault, "id") + " says why");
    } else if (response.statusCode() != 200) {
      terminal.print(response.statusCode() + " " + response.body());
    }
  }

  private static ObjectNode document(HttpResponse<String> response, JsonNode fault) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/answer.v1").put("http", response.statusCode());
    document.set("response", tree(response.body()));
    return document.set("fault", fault);
  }

  private static JsonNode tree(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(body);
    }
  }

  private static String read(Path file) throws CommandException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot read '" + file + "': " + e.getMessage()), e);
    }
  }

  private URI uri(String model, String version) throws CommandException {
    int port = client.fetch("status").path("ports").path("http").asInt();
    String name = model.isEmpty() ? onlyModel() : model;
    String path = "/v2/models/" + escaped(name) + (version.isEmpty() ? "" : "/versions/" + escaped(version)) + "/infer";
    return URI.create(client.base().getScheme() + "://" + client.base().getHost() + ":" + port + path);
  }

  private String onlyModel() throws CommandException {
    var names = new TreeSet<String>();
    client.fetch("models").path("items").forEach(each -> names.add(text(each, "name")));
    if (names.size() != 1) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("which model is the request for?").help("--model NAME: one of " + String.join(", ", names)));
    }
    return names.first();
  }

  private static String escaped(String part) {
    return java.net.URLEncoder.encode(part, java.nio.charset.StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HttpResponse<String> send(URI uri, String body) throws CommandException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("X-Client-Id", "faultline-replay")
        .POST(BodyPublishers.ofString(body))
        .build();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandException(ExitCode.UNREACHABLE, Complaint.of("the data port does not answer: " + e.getMessage()).at(uri.toString()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }

  private static Optional<String> id(HttpResponse<String> response, String header) {
    return response.headers().firstValue(header).map(ID::matcher).filter(Matcher::find).map(found -> found.group(1));
  }
}
