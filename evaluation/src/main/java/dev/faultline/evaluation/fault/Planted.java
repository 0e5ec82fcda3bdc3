package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Truth;
import java.util.Set;
import java.util.function.Predicate;

/// A seeded fault: what is true of it, how it comes into the traffic, and which requests it makes fail.
///
/// @param number its number in the list of faults, or 0
/// @param badVersions versions that have it; empty when versions do not matter
/// @param covers whether a request, as it is sent, has the fault
public record Planted(
    String id, int number, Kind kind, Truth truth, Exposure exposure, Set<String> badVersions, Spoiler spoiler, Predicate<Request> covers) {

  /// How traffic meets the fault.
  public enum Exposure {
    /// A share of the requests is spoiled.
    INPUT,
    /// A share of the requests goes to a bad version.
    VERSION,
    /// Half of the requests go to a bad version, and a share is spoiled whatever the version.
    BOTH,
    /// Nothing is done to the traffic.
    ALWAYS
  }

  public Planted {
    badVersions = Set.copyOf(badVersions);
  }

  public static Planted input(int number, String id, Truth truth, Spoiler spoiler) {
    return new Planted(id, number, Kind.DETERMINISTIC, truth, Exposure.INPUT, Set.of(), spoiler, Request::spoiled);
  }

  public static Planted version(int number, String id, Truth truth, Set<String> bad) {
    return new Planted(id, number, Kind.SILENT, truth, Exposure.VERSION, bad, Spoiler.NOTHING, request -> bad.contains(request.version()));
  }

  public static Planted both(int number, String id, Truth truth, Set<String> bad, Spoiler spoiler) {
    return new Planted(id, number, Kind.INTERACTION, truth, Exposure.BOTH, bad, spoiler, request -> request.spoiled() && bad.contains(request.version()));
  }

  public static Planted unstable(int number, String id, Truth truth) {
    return new Planted(id, number, Kind.UNSTABLE, truth, Exposure.ALWAYS, Set.of(), Spoiler.NOTHING, _ -> true);
  }

  public Planted kind(Kind other) {
    return new Planted(id, number, other, truth, exposure, badVersions, spoiler, covers);
  }

  public Planted covering(Predicate<Request> other) {
    return new Planted(id, number, kind, truth, exposure, badVersions, spoiler, other);
  }
}
