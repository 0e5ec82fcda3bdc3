package dev.faultline.probe;

import dev.faultline.contract.FieldRef;
import dev.faultline.fault.Mend;
import dev.faultline.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is around the values: names, the JSON itself, the path, the headers, the length.
final class EnvelopeProbes {
  private static final String UNKNOWN = "faultline_unknown";
  private static final int DEEP = 5_000;
  private static final int DIGITS = 20_000;
  private static final long TEBIBYTE = 1L << 40;
  private static final Mend REFUSED = Mend.of("what cannot be read as one request must be refused as a whole");

  private final Subject subject;
  private final Inputs base;
  private final List<Probe> probes = new ArrayList<>();

  EnvelopeProbes(Subject subject, Inputs base) {
    this.subject = subject;
    this.base = base;
  }

  List<Probe> all() {
    names();
    if (base.hasJsonForm()) {
      json(base.json(""));
    }
    routes();
    huge();
    return probes;
  }

  private void names() {
    String path = subject.inferPath();
    Given first = base.all().getFirst();
    add(Kind.NAMES, "an unknown input beside the others", FieldRef.of(UNKNOWN), Expected.REFUSED, base.and(first.named(UNKNOWN)).call(path), Mend.of("an input that is not read must be refused, not ignored"));
    add(Kind.NAMES, "an unknown input with an emoji as its name", Probe.NOWHERE, Expected.REFUSED, base.and(first.named("😀")).call(path), Mend.of("an input that is not read must be refused, not ignored"));
    add(Kind.NAMES, "input " + first.name() + " twice", FieldRef.of(first.name()), Expected.REFUSED, base.and(first).call(path), Mend.of("which of the two counts is a guess"));
    add(Kind.NAMES, "an unknown output asked for", FieldRef.of(UNKNOWN), Expected.REFUSED, base.call(path, ",\"outputs\":[{\"name\":\"" + UNKNOWN + "\"}]"), Mend.of("an output that does not exist must be refused"));
    add(Kind.NAMES, "an unknown member beside 'inputs'", Probe.NOWHERE, Expected.ANSWERED, base.call(path, ",\"" + UNKNOWN + "\":{\"a\":[1]}"), Mend.of("the protocol says: ignore members that you do not know"));
    add(Kind.NAMES, "no inputs at all", Probe.NOWHERE, requiresInputs() ? Expected.REFUSED : Expected.EITHER, new Inputs(List.of()).call(path), Mend.of("required inputs that are left out must be refused"));
  }

  private boolean requiresInputs() {
    return subject.contract().inputs().stream().anyMatch(spec -> spec.presence() == dev.faultline.contract.TensorSpec.Presence.REQUIRED);
  }

  private void json(String good) {
    bad("an empty body", "");
    bad("a body that is no JSON", "hello");
    bad("JSON that is cut off", good.substring(0, good.length() - 2));
    bad("something behind the JSON", good + "{}");
    bad("an array instead of an object", "[" + good + "]");
    bad("'inputs' as an object", "{\"inputs\":{}}");
    bad("the member 'inputs' twice", good.substring(0, good.length() - 1) + ",\"inputs\":[]}");
    bad("the member 'data' twice", good.replaceFirst("\"data\":", "\"data\":[],\"data\":"));
    bad("a comment in the JSON", "/* a request */" + good);
    bad("JSON nested " + DEEP + " deep", "{\"inputs\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}");
    bad("a number of " + DIGITS + " digits as an extent", good.replaceFirst("\"shape\":\\[[^]]*]", "\"shape\":[" + "9".repeat(DIGITS) + "]"));
    bad("a byte that is no UTF-8", insert(good, (byte) 0xff));
    bad("UTF-16", good.getBytes(StandardCharsets.UTF_16LE));
    add(Kind.JSON, "a byte order mark before the JSON", Probe.NOWHERE, Expected.EITHER, Call.post(subject.inferPath(), "\uFEFF" + good), REFUSED);
  }

  private static byte[] insert(String good, byte odd) {
    byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
    int at = good.indexOf("\"name\":\"") + "\"name\":\"".length();
    byte[] with = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, at, with, at + 1, bytes.length - at);
    with[at] = odd;
    return with;
  }

  private void bad(String title, String body) {
    bad(title, body.getBytes(StandardCharsets.UTF_8));
  }

  private void bad(String title, byte[] body) {
    add(Kind.JSON, title, Probe.NOWHERE, Expected.REFUSED, Call.post(subject.inferPath(), Payload.of(body, Call.JSON)), REFUSED);
  }

  private void routes() {
    Call good = base.call(subject.inferPath());
    String model = "/v2/models/" + Subject.encoded(subject.model());
    route("an unknown version", at(good, model + "/versions/999999999/infer"));
    route("a version that is no number", at(good, model + "/versions/no%2Fversion/infer"));
    route("an unknown model", at(good, "/v2/models/" + UNKNOWN + "/infer"));
    route("a model's name with '..' in it", at(good, "/v2/models/..%2F..%2Fetc/infer"));
    route("GET instead of POST", at(good, subject.inferPath()).by("GET"));
    route("a content encoding that nobody knows", good.with("Content-Encoding", "faultline"));
    route("gzip that is none", good.with("Content-Encoding", "gzip"));
    route("a CSV file", Call.post(subject.inferPath(), Payload.of("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8), "text/csv")));
    route("binary data that is shorter than announced", Call.post(subject.inferPath(), Payload.of("{\"inputs\":[]}".getBytes(StandardCharsets.UTF_8), "application/octet-stream")).with("Inference-Header-Content-Length", "4096"));
  }

  private static Call at(Call call, String path) {
    return new Call(call.method(), path, call.headers(), call.body(), -1);
  }

  private void route(String title, Call call) {
    add(Kind.ROUTE, title, Probe.NOWHERE, Expected.REFUSED, call, Mend.of("a call that cannot be served must be refused with a 4xx"));
  }

  private void huge() {
    Call announced = Call.post(subject.inferPath(), "{").announcing(TEBIBYTE);
    add(Kind.HUGE, "a body of 1 TiB announced", Probe.NOWHERE, Expected.REFUSED, announced, Mend.of("answer 413 before the body is sent: server.payload_max_bytes"));
  }

  private void add(Kind kind, String title, FieldRef place, Expected expected, Call call, Mend mend) {
    probes.add(Probe.of(kind, title, place, expected, call).mendedBy(mend));
  }
}
