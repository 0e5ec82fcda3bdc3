package dev.faultline.server.investigate;

import dev.faultline.capture.Capture;
import dev.faultline.contract.Contract;
import dev.faultline.fault.FaultException;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.protocol.Labels;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.keep.Kept;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Makes specimens of what was kept.
public final class Specimens {
  private static final String WITHHELD = dev.faultline.capture.Redaction.WITHHELD;

  private Specimens() {}

  static Specimen of(Kept kept, ResolvedVersion version) {
    return new Specimen(kept.occurrence().id(), kept.passage().arrival(), version, kept.passage().request().stream().toList(), 1);
  }

  /// A capture of a version, decoded as `reader` reads it: one version for all, so that not each has to be loaded.
  public static Specimen of(Capture capture, ResolvedVersion version, ResolvedVersion reader, Replayer replayer) {
    Arrival arrival = arrival(capture, version);
    return new Specimen(capture.id(), arrival, version, decoded(arrival, reader, replayer), capture.samplingRate());
  }

  /// A capture decoded as a contract reads it, which loads nothing.
  public static Specimen of(Capture capture, Contract reader) {
    Arrival arrival = arrival(capture, capture.version());
    return new Specimen(capture.id(), arrival, capture.version(), decoded(arrival, reader), capture.samplingRate());
  }

  /// A capture of which only that is known which came beside its payload.
  public static Specimen undecoded(Capture capture) {
    return new Specimen(capture.id(), arrival(capture, capture.version()), capture.version(), List.of(), capture.samplingRate());
  }

  private static List<InferenceRequest> decoded(Arrival arrival, Contract reader) {
    if (arrival.payload().length() == 0) {
      return List.of();
    }
    try {
      return List.of(new ReplayCodec(arrival.protocol(), reader, Labels.NONE).decode(arrival));
    } catch (FaultException e) {
      // DECODE refused it: it can still be counted, only not compared by what it holds
      return List.of();
    }
  }

  private static List<InferenceRequest> decoded(Arrival arrival, ResolvedVersion version, Replayer replayer) {
    if (arrival.payload().length() == 0) {
      return List.of();
    }
    try {
      return replayer.decode(Setup.of(version.model(), version.version()), new Subject.AsArrived(arrival)).stream().toList();
    } catch (ReplayException e) {
      // a version that is gone: the request can still be counted, only not compared
      return List.of();
    }
  }

  /// The call as it arrived, for a model version; without a payload when that was withheld.
  public static Arrival arrival(Capture capture, ResolvedVersion version) {
    boolean withheld = capture.payload().contentType().equals(WITHHELD);
    return new Arrival(
        new RequestId(capture.call().requestId()),
        Arrays.stream(Protocol.values()).filter(each -> each.label().equals(capture.call().protocol())).findFirst().orElse(Protocol.V2_REST),
        capture.call().method(),
        capture.call().path(),
        Map.of(),
        capture.call().headers(),
        capture.call().traceId(),
        "",
        capture.call().client(),
        new ModelRef(version.model(), version.version()),
        withheld ? Payload.EMPTY : capture.payload(),
        0,
        capture.at(),
        Deadline.NEVER,
        Cancellation.NEVER);
  }
}
