package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.fault.NearestName;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.RequestBody.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The JSON object that a caller sent, member by member. Members that nobody knows are refused with the nearest known name.
record Body(JsonNode object, String what) {
  private static final long BYTES_MAX = 64 << 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /// @param known the members there may be
  /// @throws Refusal 400 naming what is wrong
  static Body of(Call call, List<String> known) {
    return of(call, known, BYTES_MAX);
  }

  /// The same for an object that may be large.
  static Body of(Call call, List<String> known, long bytesMax) {
    JsonNode object = switch (call.body().read(bytesMax, TIMEOUT)) {
      case Reading.Whole(Payload body) -> Json.object(body);
      case Reading.TooLarge _ -> throw Refusal.badRequest("the request is larger than " + bytesMax + " bytes");
      case Reading.Malformed(String reason) -> throw Refusal.badRequest("the body's framing is broken: " + reason);
      case Reading.Left _ -> throw Refusal.badRequest("the body did not arrive");
    };
    var body = new Body(object, "the request");
    body.requireOnly(known);
    return body;
  }

  /// The same where nothing has to be said: no body is an empty object.
  static Body optional(Call call, List<String> known) {
    return call.request().content().hasEntity() ? of(call, known) : new Body(JsonNodeFactory.instance.objectNode(), "the request");
  }

  boolean has(String name) {
    return !object.path(name).isMissingNode() && !object.path(name).isNull();
  }

  /// @throws Refusal when it is absent, empty or no text
  String text(String name) {
    return optionalText(name).filter(text -> !text.isBlank()).orElseThrow(() -> Refusal.badRequest(what + " has no '" + name + "' (expected: a text)"));
  }

  /// A version, which may be written as a number.
  String version(String name) {
    JsonNode value = object.path(name);
    return value.isIntegralNumber() ? value.asText() : text(name);
  }

  Optional<String> optionalVersion(String name) {
    return has(name) ? Optional.of(version(name)) : Optional.empty();
  }

  Optional<String> optionalText(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    if (!object.path(name).isTextual()) {
      throw wrong(name, "a text");
    }
    return Optional.of(object.path(name).asText());
  }

  /// False when it is absent.
  boolean flag(String name) {
    if (has(name) && !object.path(name).isBoolean()) {
      throw wrong(name, "true or false");
    }
    return object.path(name).asBoolean(false);
  }

  double number(String name, double absent, double least, double most) {
    if (!has(name)) {
      return absent;
    }
    JsonNode value = object.path(name);
    if (!value.isNumber() || !(value.asDouble() >= least) || value.asDouble() > most) {
      throw wrong(name, "a number from " + shown(least) + " to " + shown(most));
    }
    return value.asDouble();
  }

  long whole(String name, long absent, long least, long most) {
    if (!has(name)) {
      return absent;
    }
    JsonNode value = object.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return value.asLong();
  }

  List<Double> numbers(String name, List<Double> absent) {
    if (!has(name)) {
      return absent;
    }
    var numbers = new ArrayList<Double>();
    for (JsonNode each : object.path(name)) {
      if (!each.isNumber()) {
        throw wrong(name, "a list of numbers");
      }
      numbers.add(each.asDouble());
    }
    if (!object.path(name).isArray()) {
      throw wrong(name, "a list of numbers");
    }
    return numbers;
  }

  Refusal wrong(String name, String expected) {
    return Refusal.badRequest("'" + name + "' is " + object.path(name) + " (expected: " + expected + ")");
  }

  void requireOnly(List<String> known) {
    object.fieldNames().forEachRemaining(name -> {
      if (!known.contains(name)) {
        String hint = NearestName.of(name, known).map(near -> "did you mean '" + near + "'?").orElse("expected: " + String.join(", ", known));
        throw Refusal.badRequest(what + " has a member '" + name + "' (" + hint + ")");
      }
    });
  }

  private static String shown(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
