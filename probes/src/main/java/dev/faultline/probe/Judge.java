package dev.faultline.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.fault.Mend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says of each answer whether the API failed well.
///
/// Well is a 4xx that blames the caller, has a type and names the field, or a right answer. Badly is a 5xx for a caller's mistake, an
/// answer with NaN in it or with a suspicion, an answer to what should have been refused, a refusal of what the contract allows, silence,
/// and a connection that ends. Not seen: an answer that is wrong but looks right.
public final class Judge {
  private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final int SHOWN_MAX = 4;
  private static final int TEXT_MAX = 160;
  private static final Mend REPORT = Mend.of("this is the server's, not the model's or the caller's: please report it");

  private Judge() {}

  public static Finding judged(Probe probe, String requestId, Reply reply) {
    return switch (reply) {
      case Reply.Silent silent -> bad(probe, requestId, reply, "no answer within " + silent.millis() + " ms", Mend.of("limits.infer_timeout and limits.queue_timeout in contract.yaml bound how long a request may take"));
      case Reply.Cut cut -> bad(probe, requestId, reply, "the connection ended without an answer: " + cut.reason(), REPORT);
      case Reply.Answered answer -> answered(probe, requestId, answer);
    };
  }

  /// Whether the server only had no room: then the same call may be tried again.
  public static boolean isBusy(Reply reply) {
    return reply instanceof Reply.Answered answer
        && (answer.status() == 429 || answer.fault().blame().equals("CAPACITY") || List.of("queue.restarting", "queue.lanes_lost").contains(answer.fault().code()));
  }

  private static Finding answered(Probe probe, String requestId, Reply.Answered answer) {
    if (isBusy(answer)) {
      return new Finding(probe, requestId, answer, Rating.UNDECIDED, answer.fault().code() + ": the server was too busy to say", List.of());
    }
    if (answer.status() >= 500 || answer.status() < 200 || (answer.status() >= 300 && answer.status() < 400)) {
      return bad(probe, requestId, answer, failed(answer), probe.mends());
    }
    return answer.status() >= 400 ? refused(probe, requestId, answer) : served(probe, requestId, answer);
  }

  private static String failed(Reply.Answered answer) {
    return (answer.fault().isNone() ? "" : answer.fault().code() + ", blames " + answer.fault().blame() + ": ") + error(answer);
  }

  private static Finding refused(Probe probe, String requestId, Reply.Answered answer) {
    HeaderFault fault = answer.fault();
    boolean untyped = fault.isNone() && answer.status() != 404 && answer.status() != 405;
    if (probe.expected() == Expected.ANSWERED) {
      return bad(probe, requestId, answer, "refused though the contract allows it: " + error(answer), probe.mends());
    }
    if (untyped || (!fault.isNone() && !fault.blame().equals("CALLER"))) {
      return bad(probe, requestId, answer, untyped ? "refused without a type: " + error(answer) : fault.code() + ", blames " + fault.blame() + ": " + error(answer), probe.mends());
    }
    if (probe.namesAField() && !names(probe, answer)) {
      return bad(probe, requestId, answer, "refused without naming '" + probe.place() + "': " + error(answer), List.of(REPORT));
    }
    if (fault.stage().equals("INFER")) {
      return new Finding(probe, requestId, answer, Rating.WEAKLY, "only the engine refused it: " + error(answer), probe.mends());
    }
    return new Finding(probe, requestId, answer, Rating.WELL, told(probe, fault), List.of());
  }

  private static String told(Probe probe, HeaderFault fault) {
    return fault.isNone() ? "refused" : probe.namesAField() ? "names '" + probe.place() + "'" : fault.code();
  }

  private static boolean names(Probe probe, Reply.Answered answer) {
    String said = answer.fault().field() + " " + error(answer);
    return said.contains(probe.place().tensor()) && said.contains(probe.place().column());
  }

  private static Finding served(Probe probe, String requestId, Reply.Answered answer) {
    Optional<String> odd = oddOutput(answer.body());
    if (probe.expected() == Expected.REFUSED) {
      return bad(probe, requestId, answer, "answered, though it should be refused", probe.mends());
    }
    if (!answer.suspicion().isNone()) {
      return bad(probe, requestId, answer, odd.orElse("served all the same") + ", " + answer.suspicion().code() + " in " + answer.suspicion().field(), probe.mends());
    }
    if (odd.isPresent()) {
      return new Finding(probe, requestId, answer, Rating.WEAKLY, odd.get() + ", which the contract does not object to", List.of(Mend.of("let the contract promise 'finite' of this output")));
    }
    return new Finding(probe, requestId, answer, Rating.WELL, "answered", List.of());
  }

  /// The first output that holds NaN or an infinity, as `name = [...]`.
  private static Optional<String> oddOutput(String body) {
    try {
      for (JsonNode output : MAPPER.readTree(body).path("outputs")) {
        for (JsonNode value : output.path("data")) {
          if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            return Optional.of(output.path("name").asText() + " = " + shown(output.path("data")));
          }
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      // a binary answer: its suspicion tells
      return Optional.empty();
    }
  }

  private static String shown(JsonNode data) {
    var shown = new ArrayList<String>();
    for (int i = 0; i < Math.min(SHOWN_MAX, data.size()); i++) {
      shown.add(data.get(i).asText());
    }
    return "[" + String.join(", ", shown) + (data.size() > SHOWN_MAX ? ", ...]" : "]");
  }

  private static String error(Reply.Answered answer) {
    try {
      String error = MAPPER.readTree(answer.body()).path("error").asText("");
      return cut((error.isEmpty() ? "status " + answer.status() : error).replaceAll(" \\[flt_[^]]*]$", ""));
    } catch (JsonProcessingException e) {
      return "status " + answer.status();
    }
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\R", " ");
    return line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX - 1) + "…";
  }

  private static Finding bad(Probe probe, String requestId, Reply reply, String found, Mend mend) {
    return bad(probe, requestId, reply, found, List.of(mend));
  }

  private static Finding bad(Probe probe, String requestId, Reply reply, String found, List<Mend> mends) {
    return new Finding(probe, requestId, reply, Rating.BADLY, found, mends);
  }
}
