package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;

/// The verbs of `faultline models` that change which version is loaded, or called what.
record ModelChanges(AdminClient client, Terminal terminal, Output output, Consent consent) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  ExitCode label(String model, String label, String version) throws CommandException {
    return names(client.put(path(model, "labels", label), version(version)));
  }

  ExitCode removeLabel(String model, String label) throws CommandException {
    return consent.isGiven("remove label " + label + " of " + model) ? names(client.delete(path(model, "labels", label), java.util.Map.of())) : ExitCode.GOOD;
  }

  ExitCode setDefault(String model, String version) throws CommandException {
    return names(client.put(path(model, "default"), version(version)));
  }

  ExitCode removeDefault(String model) throws CommandException {
    return names(client.delete(path(model, "default"), java.util.Map.of()));
  }

  ExitCode promote(String model, String version) throws CommandException {
    return consent.isGiven("promote version " + version + " of " + model) ? names(client.post(path(model, "promote"), version(version))) : ExitCode.GOOD;
  }

  ExitCode rollBack(String model) throws CommandException {
    return consent.isGiven("roll " + model + " back to the version before") ? names(client.post(path(model, "rollback"), NODES.objectNode())) : ExitCode.GOOD;
  }

  ExitCode load(String model, String version) throws CommandException {
    return state(client.post(path(model, "versions", version, "load"), NODES.objectNode()));
  }

  ExitCode unload(String model, String version) throws CommandException {
    return consent.isGiven("unload version " + version + " of " + model) ? state(client.post(path(model, "versions", version, "unload"), NODES.objectNode())) : ExitCode.GOOD;
  }

  private ExitCode names(JsonNode names) {
    if (output.isJson()) {
      return output.print(names);
    }
    terminal.print(text(names, "model") + ": version " + (text(names, "answers").isEmpty() ? "none" : text(names, "answers")) + " answers unpinned requests"
        + (text(names, "default").isEmpty() ? " (the highest ready one; no default is set)" : ""));
    names.path("labels").properties().forEach(label -> terminal.print("  %-12s %s".formatted(label.getKey(), label.getValue().asText())));
    return ExitCode.GOOD;
  }

  private ExitCode state(JsonNode version) {
    if (output.isJson()) {
      return output.print(version);
    }
    terminal.print(text(version, "name") + " v" + text(version, "version") + "  " + text(version, "state") + (text(version, "reason").isEmpty() ? "" : ": " + text(version, "reason")));
    return ExitCode.GOOD;
  }

  private static ObjectNode version(String version) {
    return NODES.objectNode().put("version", version);
  }

  private static String path(String model, String... parts) {
    var path = new StringJoiner("/", "models/", "");
    path.add(encoded(model));
    List.of(parts).forEach(part -> path.add(encoded(part)));
    return path.toString();
  }

  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
