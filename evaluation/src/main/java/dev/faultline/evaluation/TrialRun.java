package dev.faultline.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.evaluation.TrialResult.Finding;
import dev.faultline.evaluation.baseline.Baseline;
import dev.faultline.evaluation.baseline.Evidence;
import dev.faultline.evaluation.fault.Case;
import dev.faultline.evaluation.fault.Planted;
import dev.faultline.evaluation.fault.Traffic;
import dev.faultline.evaluation.score.Coverage;
import dev.faultline.evaluation.score.Grouping.Member;
import dev.faultline.evaluation.score.Judged;
import dev.faultline.evaluation.surface.AdminApi;
import dev.faultline.evaluation.surface.AdminApi.Investigated;
import dev.faultline.evaluation.surface.Answer;
import dev.faultline.evaluation.surface.ClaimFromVerdict;
import dev.faultline.evaluation.surface.Sender;
import dev.faultline.evaluation.surface.ServerUnderTest;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.traffic.Request.Quirk;
import dev.faultline.evaluation.truth.Claim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// One trial from the first request to the scores: a server of its own, the traffic, the investigation, the baselines.
final class TrialRun {
  /// What the engine is called among the methods.
  static final String ENGINE = "Faultline";

  private static final String BACKGROUND = "background";
  private static final int GROUPS_INVESTIGATED_MAX = 5;

  private final Trial trial;
  private final Case of;
  private final Map<String, String> settings;
  private final List<Baseline> baselines;
  private final BiConsumer<Trial, JsonNode> verdicts;

  /// @param settings configuration of the server beyond the case's own
  /// @param verdicts hears of every verdict as it is
  TrialRun(Trial trial, Map<String, String> settings, List<Baseline> baselines, BiConsumer<Trial, JsonNode> verdicts) {
    this.trial = trial;
    this.of = trial.recipe().make().apply(trial.seed());
    this.settings = settings;
    this.baselines = baselines;
    this.verdicts = verdicts;
  }

  TrialResult run() throws InterruptedException {
    long start = System.nanoTime();
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(of.settings());
    List<Request> requests = Traffic.of(of, trial.prevalence(), trial.background(), trial.countMin(), trial.seed());
    try (var server = ServerUnderTest.start(of.family().name(), of.releases(), all)) {
      List<Answer> answers = Sender.send(server, requests, of.manner().threads());
      return result(server, requests, answers, start);
    } catch (IOException | IllegalStateException | NoSuchElementException e) {
      return TrialResult.invalid(trial, "the run broke: " + e.getMessage(), requests.size(), millis(start));
    }
  }

  private TrialResult result(ServerUnderTest server, List<Request> requests, List<Answer> answers, long start) throws InterruptedException {
    return of.isHealthy() ? healthy(server, answers, start) : faulty(server, requests, answers, start);
  }

  private TrialResult healthy(ServerUnderTest server, List<Answer> answers, long start) throws InterruptedException {
    var accusations = new ArrayList<Claim>();
    Map<String, List<Answer>> groups = answers.stream().filter(Answer::objected).collect(Collectors.groupingBy(Answer::group));
    List<List<Answer>> largest = groups.values().stream().sorted(Comparator.comparingInt((List<Answer> group) -> -group.size())).limit(GROUPS_INVESTIGATED_MAX).toList();
    for (List<Answer> group : largest) {
      Investigated investigated = investigate(server, group);
      Claim claim = new ClaimFromVerdict(of.family()).of(investigated.verdict(), investigated.millis());
      if (claim.confidence().accuses() && !of.innocuous().contains(claim.cause())) {
        accusations.add(claim);
      }
    }
    return new TrialResult(trial, "", List.of(), List.of(), accusations, largest.size(), answers.size(), millis(start));
  }

  private TrialResult faulty(ServerUnderTest server, List<Request> requests, List<Answer> answers, long start) throws InterruptedException {
    var impact = new Impact(server, of, answers);
    var findings = new ArrayList<Finding>();
    for (Planted planted : of.planted()) {
      String objection = impact.objection(planted);
      if (!objection.isEmpty()) {
        return TrialResult.invalid(trial, planted.id() + ": " + objection, requests.size(), millis(start));
      }
      findings.add(finding(server, planted, requests, answers));
    }
    return new TrialResult(trial, "", findings, members(answers), List.of(), findings.size(), answers.size(), millis(start));
  }

  private Finding finding(ServerUnderTest server, Planted planted, List<Request> requests, List<Answer> answers) throws InterruptedException {
    List<Answer> group = largestGroup(planted, answers);
    Investigated investigated = investigate(server, group);
    Map<String, Judged> judged = new LinkedHashMap<>();
    judged.put(ENGINE, judged(planted, requests, new ClaimFromVerdict(of.family()).of(investigated.verdict(), investigated.millis())));
    List<String> versions = of.releases().stream().map(release -> release.version()).toList();
    Evidence evidence = baselines.isEmpty()
        ? new Evidence(server, of.family(), List.of(), versions, trial.seed())
        : Evidence.read(server, of.family(), group.getFirst().group(), versions, trial.seed());
    for (Baseline baseline : baselines) {
      judged.put(baseline.name(), judged(planted, requests, baseline.claim(evidence)));
    }
    return new Finding(planted.id(), planted.number(), planted.kind(), judged, investigated.state());
  }

  private Judged judged(Planted planted, List<Request> requests, Claim claim) {
    double jaccard = new Coverage(of.family()).jaccard(claim.conditions(), requests, planted.covers());
    boolean some = !requests.stream().allMatch(planted.covers());
    return new Judged(planted.truth(), claim, some, jaccard >= Coverage.SAME);
  }

  /// Asks about the fault in the middle of a group: neither the first, which some engines treat as special, nor the last.
  private Investigated investigate(ServerUnderTest server, List<Answer> group) throws InterruptedException {
    Investigated investigated = new AdminApi(server).investigate(group.get(group.size() / 2).fault());
    verdicts.accept(trial, investigated.verdict());
    return investigated;
  }

  private List<Answer> largestGroup(Planted planted, List<Answer> answers) {
    Map<String, List<Answer>> groups = answers.stream()
        .filter(answer -> answer.objected() && cause(answer).equals(planted.id()))
        .collect(Collectors.groupingBy(Answer::group));
    return groups.values().stream().max(Comparator.comparingInt(List::size)).orElseThrow();
  }

  private List<Member> members(List<Answer> answers) {
    // one that has two faults belongs to either group
    return answers.stream().filter(Answer::objected).filter(answer -> of.planted().stream().filter(planted -> planted.covers().test(answer.request())).count() <= 1)
        .map(answer -> new Member(cause(answer), answer.group())).toList();
  }

  /// The fault that a failing request has: the first that covers it, or none of them.
  private String cause(Answer answer) {
    boolean gaveUp = answer.request().quirk() == Quirk.GIVES_UP;
    return of.planted().stream().filter(planted -> !gaveUp && planted.covers().test(answer.request())).map(Planted::id).findFirst().orElse(BACKGROUND);
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
