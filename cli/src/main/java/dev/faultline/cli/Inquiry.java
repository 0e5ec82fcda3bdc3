package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Finds the fault that an id means, and its verdict: the one that is known, or a new one, waited for and taken back when the process is told to
/// end meanwhile.
final class Inquiry {
  private static final long STEP_MILLIS = 100;
  private static final List<String> OVER = List.of("DONE", "FAILED", "CANCELLED");

  private final AdminClient client;
  private final Terminal terminal;

  Inquiry(AdminClient client, Terminal terminal) {
    this.client = client;
    this.terminal = terminal;
  }

  /// The fault of an id: its own, a group's latest, or a capture's first.
  JsonNode fault(String id) throws CommandException {
    return client.fetch("faults/" + faultId(id));
  }

  /// What is known of a fault already.
  static Optional<JsonNode> known(JsonNode fault) {
    return fault.path("verdict").isObject() ? Optional.of(fault.path("verdict")) : Optional.empty();
  }

  /// Asks for a verdict and waits for it.
  JsonNode verdict(String faultId) throws CommandException {
    return ended(JsonNodeFactory.instance.objectNode().put("fault", faultId), "verdict");
  }

  /// Asks where a fault begins along one thing, and waits for it.
  JsonNode bisection(String faultId, String over) throws CommandException {
    return ended(JsonNodeFactory.instance.objectNode().put("fault", faultId).put("over", over), "bisection");
  }

  private JsonNode ended(ObjectNode asked, String wanted) throws CommandException {
    JsonNode investigation = client.post("investigations", asked);
    String path = "investigations/" + text(investigation, "id");
    String doing = "";
    try (var _ = new TakeBack(client, terminal, path)) {
      while (!OVER.contains(text(investigation, "state"))) {
        String now = text(investigation.path("progress"), "doing");
        if (terminal.isLive() && !now.equals(doing)) {
          terminal.redraw(now + " ...");
          doing = now;
        }
        pause();
        investigation = client.fetch(path);
      }
    }
    if (terminal.isLive()) {
      terminal.redraw("");
    }
    if (!investigation.path(wanted).isObject()) {
      throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("the investigation " + text(investigation, "state").toLowerCase(java.util.Locale.ROOT) + ": " + text(investigation, "error")));
    }
    return investigation.path(wanted);
  }

  /// How a command that shows a verdict ends.
  static ExitCode exit(JsonNode verdict) {
    return text(verdict, "confidence").equals("ABSTAINED") ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
  }

  private String faultId(String id) throws CommandException {
    if (id.startsWith("FL-")) {
      return first(id, Members.texts(client.fetch("groups/" + id).path("faults")));
    }
    if (id.startsWith("cap_")) {
      JsonNode fault = client.fetch("captures/" + id).path("faults").path(0);
      return first(id, fault.isMissingNode() ? List.of() : List.of(text(fault, "id")));
    }
    if (!id.matches("[A-Za-z0-9_-]+")) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + id + "' is no id").help("faultline faults lists groups, faultline faults --each faults"));
    }
    return id;
  }

  private static String first(String id, List<String> faults) throws CommandException {
    return faults.stream().findFirst().orElseThrow(() -> new CommandException(
        ExitCode.UNKNOWN, Complaint.of("nothing went wrong in " + id).help("faultline faults --each lists what did go wrong")));
  }

  private static void pause() throws CommandException {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }
}
