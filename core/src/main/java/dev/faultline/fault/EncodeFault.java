package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// The outputs could not be written in the form the caller wants.
public record EncodeFault(String reason, List<Field> places, List<Thrown> causes) implements Fault {

  public EncodeFault {
    places = List.copyOf(places);
    causes = List.copyOf(causes);
  }

  @Override
  public FaultCode code() {
    return FaultCode.ENCODE_FAILED;
  }

  @Override
  public String summary() {
    return "the answer could not be written: " + reason;
  }

  @Override
  public Optional<Field> field() {
    return places.stream().findFirst();
  }

  @Override
  public Optional<Thrown> thrown() {
    return causes.stream().findFirst();
  }
}
