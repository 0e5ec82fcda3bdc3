package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.fault.Planted.Exposure;
import dev.faultline.evaluation.traffic.Crowd;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.traffic.Request.Quirk;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The requests of a case, in order. The fault begins at a moment that nobody is told.
public final class Traffic {
  private static final int SPOILED_MIN = 14;
  private static final double ONSET_MIN = 0.1;
  private static final double ONSET_SPAN = 0.3;

  private final Case of;
  private final double prevalence;
  private final double background;
  private final RandomGenerator random;

  private Traffic(Case of, double prevalence, double background, long seed) {
    this.of = of;
    this.prevalence = prevalence;
    this.background = background;
    this.random = new SplittableRandom(seed ^ 0x5eed);
  }

  /// @param prevalence share of the whole traffic that has each fault
  /// @param background share of callers who give up at once, whatever they sent
  /// @param countMin requests at least; rare faults get as many as it takes to see some
  public static List<Request> of(Case of, double prevalence, double background, int countMin, long seed) {
    int count = of.isHealthy() ? countMin : Math.max(countMin, (int) Math.ceil(SPOILED_MIN / prevalence));
    return new Traffic(of, prevalence, background, seed).make(count);
  }

  private List<Request> make(int count) {
    double onset = ONSET_MIN + ONSET_SPAN * random.nextDouble();
    var requests = new ArrayList<Request>(count);
    for (int i = 0; i < count; i++) {
      double progress = (double) i / count;
      Request request = progress < onset ? calm(i) : exposed(calm(i), prevalence / (1 - onset));
      Request weathered = of.weather().over(request, progress, random);
      requests.add(random.nextDouble() < background ? weathered.with(Quirk.GIVES_UP) : weathered);
    }
    return requests;
  }

  /// To a version without any fault of its own; where the fault needs two things, every other request to a bad one.
  private Request calm(int index) {
    List<String> sound = of.releases().stream().map(release -> release.version()).filter(version -> !isBad(version)).toList();
    List<String> suspects = of.planted().stream().filter(planted -> planted.exposure() == Exposure.BOTH).flatMap(planted -> planted.badVersions().stream()).sorted().toList();
    boolean toSound = suspects.isEmpty() || random.nextBoolean();
    return Request.sound(index, draw(toSound ? sound : suspects), Crowd.draw(random), of.family().draw(random));
  }

  private boolean isBad(String version) {
    return of.planted().stream().anyMatch(planted -> planted.badVersions().contains(version));
  }

  private Request exposed(Request request, double share) {
    for (Planted planted : of.planted()) {
      double own = planted.exposure() == Exposure.BOTH ? Math.min(0.9, 2 * share) : share;
      if (planted.exposure() != Exposure.ALWAYS && random.nextDouble() < own) {
        Request routed = planted.exposure() == Exposure.VERSION ? request.to(draw(planted.badVersions().stream().sorted().toList())) : request;
        return planted.spoiler().spoil(routed, random);
      }
    }
    return request;
  }

  private String draw(List<String> versions) {
    return versions.get(random.nextInt(versions.size()));
  }
}
