package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.contract.Contract;
import dev.faultline.isolation.rule.FieldLesson;
import dev.faultline.isolation.rule.LearntRule;
import dev.faultline.isolation.rule.Survey;
import dev.faultline.server.contract.ContractDesk.Scope;
import dev.faultline.server.contract.Drafts.Served;
import dev.faultline.server.contract.Traffic.Listing;
import dev.faultline.server.contract.Traffic.Visitor;
import dev.faultline.server.investigate.ReplayCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which rules the good requests of a version teach.
///
/// The rules are learnt twice. What the older four fifths teach is held against the newest fifth, as it will be held against requests to come: a rule that
/// refuses more of them than may be refused is left out, because the traffic moves. The others are learnt again from all requests, written into the contract, read as the
/// server reads it, and held against everything that is kept.
final class InferTask implements ContractTask {
  private static final int NEWEST_PART = 5;

  private final Drafts drafts;
  private final Traffic traffic;
  private final Scope scope;
  private final Served served;
  private final Side side;
  private final String text;
  private final double riskMax;
  private final List<KeptCall> given;
  /// How many of them are different is worth saying: a hundred times the same request teaches what one does.
  private final Set<Integer> bodies = new HashSet<>();
  private int unreadable;
  private int read;
  private double standFor;

  /// @param given good requests in the place of the kept ones; empty for those
  InferTask(Drafts drafts, Traffic traffic, Scope scope, Served served, Side side, String text, double riskMax, List<KeptCall> given) {
    this.drafts = drafts;
    this.traffic = traffic;
    this.scope = scope;
    this.served = served;
    this.side = side;
    this.text = text;
    this.riskMax = riskMax;
    this.given = List.copyOf(given);
  }

  @Override
  public ObjectNode run(Work work) throws TaskException, InterruptedException {
    Listing listing = traffic.list(served.model(), scope.anyVersion() ? "" : served.name(), scope.limit());
    int good = given.isEmpty() ? listing.goodAt().size() : given.size();
    int newest = good / NEWEST_PART;
    work.expect(good + listing.count());
    var survey = new Survey(side.contract(), side.redaction()::hides);
    visit(listing.goodBefore(newest), given.subList(0, given.isEmpty() ? 0 : good - newest), listing, call -> {
      work.step();
      take(call, survey);
    });
    var learnt = new LearntContract(text, survey.lessons(riskMax));
    var trial = new TrafficTally(new Side("the older requests' rules", read(learnt), side.redaction()));
    visit(listing.goodNewest(newest), given.subList(given.isEmpty() ? 0 : good - newest, given.size()), listing, call -> {
      work.step();
      take(call, survey).ifPresent(trial::add);
    });
    var rules = new LearntContract(text, kept(survey.lessons(riskMax), learnt, trial));
    return document(rules, learnt, trial, listing, work);
  }

  private void visit(CaptureQuery kept, List<KeptCall> brought, Listing listing, Visitor visitor) throws InterruptedException {
    for (KeptCall call : brought) {
      visitor.take(Optional.of(call));
    }
    if (given.isEmpty()) {
      traffic.visit(kept, listing.limit(), visitor);
    }
  }

  private Optional<KeptCall> take(Optional<KeptCall> call, Survey survey) {
    if (call.isEmpty() || !side.objections(call.get()).isEmpty()) {
      // what the contract in force refuses was good under another one
      unreadable++;
      return Optional.empty();
    }
    survey.add(ReplayCodec.decode(call.get().arrival(), side.contract()));
    bodies.add(Arrays.hashCode(call.get().arrival().payload().copyOfBytes()));
    read++;
    standFor += call.get().standsFor();
    return call;
  }

  private Contract read(LearntContract learnt) throws TaskException {
    try {
      return drafts.read(served, learnt.text(List.of()));
    } catch (ContractOrderException e) {
      throw new TaskException("the rules cannot be written into '" + served.file() + "': " + e.sentence());
    }
  }

  /// The lessons without the rules that the newest requests speak against.
  private List<FieldLesson> kept(List<FieldLesson> lessons, LearntContract earlier, TrafficTally trial) {
    int newest = trial.requests(KeptCall.Kind.GOOD);
    return lessons.stream().map(lesson -> lesson.without(rule -> {
      int refused = earlier.has(rule.name()) ? trial.refusedBy(rule.name()) : 0;
      return refused > riskMax * newest ? "no %s: learnt from the older requests, it would have refused %,d of the newest %,d; the traffic moves".formatted(rule.key(), refused, newest) : "";
    })).toList();
  }

  private ObjectNode document(LearntContract rules, LearntContract earlier, TrafficTally trial, Listing listing, Work work) throws TaskException, InterruptedException {
    var candidate = new Side("the learnt contract", read(rules), side.redaction());
    ObjectNode check = new CheckTask(traffic, scope, served.name(), candidate).checked(listing, work);
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("file", served.file().toString());
    document.put("exists", !text.isEmpty());
    document.put("requests", read).put("different", bodies.size()).put("stand_for", Math.round(standFor)).put("passed_over", unreadable);
    document.put("oldest", given.isEmpty() ? time(listing.oldest()) : null).put("newest", given.isEmpty() ? time(listing.newest()) : null);
    try {
      document.put("contract", rules.text(header(listing)));
    } catch (ContractOrderException e) {
      throw new TaskException(e.sentence());
    }
    ArrayNode fields = document.putArray("fields");
    rules.lessons().forEach(lesson -> fields.add(field(lesson, earlier, trial)));
    document.set("check", check);
    return document;
  }

  private List<String> header(Listing listing) {
    String span = given.isEmpty() && !listing.goodAt().isEmpty() ? ", " + time(listing.oldest()) + " to " + time(listing.newest()) : "";
    String different = bodies.size() < read ? ", %,d different".formatted(bodies.size()) : "";
    return List.of("rules with counts behind them: learnt from %,d good requests of %s version %s%s%s".formatted(read, served.model(), served.name(), different, span));
  }

  private static ObjectNode field(FieldLesson lesson, LearntContract earlier, TrafficTally trial) {
    ObjectNode field = JsonNodeFactory.instance.objectNode().put("field", lesson.field().tensor()).put("column", lesson.field().isWholeTensor() ? null : lesson.field().column()).put("datatype", lesson.type()).put("seen", lesson.seen());
    ArrayNode rules = field.putArray("rules");
    for (LearntRule rule : lesson.rules()) {
      boolean tried = earlier.has(rule.name());
      rules.addObject().put("key", rule.key()).put("value", rule.value()).put("why", rule.why())
          .put("values", rule.support().values()).put("requests", rule.support().requests()).put("alone", rule.support().alone())
          .put("refused_at_most", rule.support().refusedAtMost())
          .put("newest", tried ? trial.requests(KeptCall.Kind.GOOD) : null).put("newest_refused", tried ? trial.refusedBy(rule.name()) : null);
    }
    lesson.notes().forEach(field.putArray("notes")::add);
    lesson.questions().forEach(field.putArray("questions")::add);
    return field;
  }

  /// To the second.
  private static String time(Optional<Instant> at) {
    return at.map(instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
  }
}
