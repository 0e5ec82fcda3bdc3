package dev.faultline.fault;

import java.util.List;

/// No model version can answer.
public sealed interface RouteFault extends Fault {

  /// `known` are the names there are, nearest first and at most a handful.
  record ModelNotFound(String model, List<String> known) implements RouteFault {
    public ModelNotFound {
      known = List.copyOf(known);
    }

    @Override
    public FaultCode code() {
      return FaultCode.ROUTE_MODEL_NOT_FOUND;
    }

    @Override
    public String summary() {
      return "there is no model '" + model + "' (expected: " + (known.isEmpty() ? "none is loaded" : "one of " + String.join(", ", known)) + ")";
    }

    @Override
    public List<Mend> mend() {
      return known.isEmpty()
          ? List.of(new Mend("start the server with a model repository", "faultline serve DIR"))
          : List.of(new Mend("did you mean '" + known.getFirst() + "'?", "faultline models"));
    }
  }

  record VersionNotFound(String model, String version, List<String> known) implements RouteFault {
    public VersionNotFound {
      known = List.copyOf(known);
    }

    @Override
    public FaultCode code() {
      return FaultCode.ROUTE_VERSION_NOT_FOUND;
    }

    @Override
    public String summary() {
      return "model '" + model + "' has no version '" + version + "' (expected: one of " + String.join(", ", known) + ")";
    }

    @Override
    public List<Mend> mend() {
      Mend all = new Mend("loaded versions are " + String.join(", ", known), "faultline models");
      return NearestName.of(version, known).map(near -> List.of(new Mend("did you mean '" + near + "'?", "faultline models"), all)).orElse(List.of(all));
    }
  }

  /// Known, but loading, unloading, failed to load, or the server drains; `reason` says which and why.
  record NotReady(String model, String version, String reason) implements RouteFault {
    @Override
    public FaultCode code() {
      return FaultCode.ROUTE_NOT_READY;
    }

    @Override
    public String summary() {
      return "model '" + model + "'" + (version.isEmpty() ? "" : " version " + version) + " is not ready: " + reason;
    }
  }
}
