package dev.faultline.server.edge;

import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.rollout.Draw;
import dev.faultline.server.http.Call;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Makes arrivals of HTTP calls: which headers are kept, until when an answer is wanted, and who asks.
public final class Arrivals {
  private static final HeaderName X_CLIENT_ID = HeaderNames.create("X-Client-Id");
  private static final HeaderName X_REQUEST_TIMEOUT_MS = HeaderNames.create("X-Request-Timeout-Ms");
  private static final HeaderName ENVOY_TIMEOUT_MS = HeaderNames.create("x-envoy-expected-rq-timeout-ms");
  private static final int VALUE_CHARS_MAX = 512;
  private static final int CLIENT_CHARS_MAX = 128;

  private final List<HeaderName> kept;
  private final UnaryOperator<String> keys;

  /// @param keys the header by which a model's rollout tells callers apart, lower case, empty for none
  /// @param allowed headers that may be kept or logged
  /// @param refused headers that never are, whatever `allowed` says
  public Arrivals(Collection<String> allowed, Collection<String> refused, UnaryOperator<String> keys) {
    this.keys = keys;
    Set<String> names = new TreeSet<>();
    allowed.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    refused.forEach(name -> names.remove(name.toLowerCase(Locale.ROOT)));
    this.kept = names.stream().map(HeaderNames::create).toList();
  }

  Arrival of(Call call, Protocol protocol, ModelRef model, Payload payload) {
    return new Arrival(
        call.ids().id(),
        protocol,
        call.method(),
        call.path(),
        call.query(),
        headers(call),
        call.ids().trace(),
        client(call),
        model,
        payload,
        call.atNanos(),
        call.at(),
        deadline(call),
        call.cancellation(),
        key(call, model));
  }

  private String key(Call call, ModelRef model) {
    String name = keys.apply(model.name());
    String value = name.isEmpty() ? "" : call.header(HeaderNames.create(name));
    return value.isEmpty() ? "" : Draw.keyOf(value);
  }

  private Map<String, String> headers(Call call) {
    var headers = new HashMap<String, String>();
    for (HeaderName name : kept) {
      String value = call.header(name);
      if (!value.isEmpty()) {
        headers.put(name.lowerCase(), shortened(value, VALUE_CHARS_MAX));
      }
    }
    return headers;
  }

  private static String client(Call call) {
    String named = call.header(X_CLIENT_ID);
    return named.isEmpty() ? call.peerHost() : shortened(named, CLIENT_CHARS_MAX);
  }

  private static Deadline deadline(Call call) {
    return deadline(call, X_REQUEST_TIMEOUT_MS).earlier(deadline(call, ENVOY_TIMEOUT_MS));
  }

  /// A value that is not a number of milliseconds counts as not given: a proxy may have written it, and the caller cannot mend that.
  private static Deadline deadline(Call call, HeaderName name) {
    String millis = call.header(name);
    boolean given = !millis.isEmpty() && millis.length() <= 10 && millis.chars().allMatch(c -> c >= '0' && c <= '9');
    return given ? Deadline.after(call.atNanos(), Long.parseLong(millis) * 1_000_000) : Deadline.NEVER;
  }

  private static String shortened(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax);
  }

  /// The names kept, lower case.
  public List<String> kept() {
    return kept.stream().map(HeaderName::lowerCase).toList();
  }
}
