package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.log.Loggers;
import dev.faultline.server.log.Loggers.Standing;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `loggers`: which levels of the log are written, package by package, changed while the server runs.
final class LoggersEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(LoggersEndpoint.class);
  private static final String ROOT = "ROOT";

  private final Loggers loggers;

  LoggersEndpoint(Loggers loggers) {
    this.loggers = loggers;
  }

  Answer list(Call call) {
    Query.none(call);
    List<JsonNode> items = loggers.list().stream().<JsonNode>map(LoggersEndpoint::document).toList();
    return Json.answer(new Page(items, "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return answer(name(call));
  }

  Answer set(Call call) {
    Query.none(call);
    String name = name(call);
    String level = Body.of(call, List.of("level")).text("level").toUpperCase(Locale.ROOT);
    if (!Loggers.LEVELS.contains(level)) {
      throw Refusal.badRequest("'level' is '" + level + "' (expected: one of " + String.join(", ", Loggers.LEVELS) + ")");
    }
    if (!loggers.set(name, level)) {
      throw Refusal.conflict(Loggers.SET_MAX + " loggers have a level of their own already (mend: DELETE some, or set a package around them)");
    }
    LOG.warn("the level of logger '{}' is {} from now on: {} wants it", name, level, Actors.of(call).name());
    return answer(name);
  }

  Answer remove(Call call) {
    Query.none(call);
    String name = name(call);
    if (name.equals(ROOT)) {
      throw Refusal.badRequest("all loggers inherit from ROOT, which inherits from none (expected: PUT with a level)");
    }
    loggers.inherit(name);
    LOG.warn("logger '{}' inherits its level from now on: {} wants it", name, Actors.of(call).name());
    return answer(name);
  }

  private String name(Call call) {
    String name = call.variable("name");
    if (!loggers.isOurs()) {
      throw Refusal.conflict("the log of this process is not the server's own, so its levels cannot be told or changed here");
    }
    if (!Loggers.isName(name)) {
      throw Refusal.badRequest("'" + name + "' names no logger (expected: a package or class such as dev.faultline.serving, or ROOT)");
    }
    return name;
  }

  private Answer answer(String name) {
    return Json.answer(document(loggers.find(name).orElseThrow()));
  }

  private static ObjectNode document(Standing standing) {
    return JsonNodeFactory.instance.objectNode()
        .put("name", standing.name())
        .put("level", standing.level().isEmpty() ? null : standing.level())
        .put("effective", standing.effective());
  }
}
