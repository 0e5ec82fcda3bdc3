package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// The request breaks the version's contract. Holds every breach found up to `VALIDATE`'s limit; `total` counts all of them.
/// The first breach names the code.
public record ValidateFault(List<Breach> breaches, int total, String source) implements Fault {

  public ValidateFault {
    if (breaches.isEmpty()) {
      throw new IllegalArgumentException("no breach (expected: at least one)");
    }
    breaches = List.copyOf(breaches);
  }

  @Override
  public FaultCode code() {
    return breaches.getFirst().code();
  }

  @Override
  public String summary() {
    String first = breaches.getFirst().sentence();
    return total == 1 ? first : first + "; and " + (total - 1) + " more";
  }

  @Override
  public Optional<Field> field() {
    return Optional.of(breaches.getFirst().field());
  }

  @Override
  public List<Evidence> evidence() {
    Breach first = breaches.getFirst();
    return List.of(new Evidence.Value(first.got(), first.want(), source));
  }

  /// What the caller or the contract's owner can do about the first breach, where the expectation alone does not say it.
  @Override
  public List<Mend> mend() {
    String name = breaches.getFirst().field().tensor();
    return switch (code()) {
      case VALIDATE_NULL -> List.of(Mend.of("send a value, or declare '" + name + "' nullable in contract.yaml when the model handles missing values"));
      case VALIDATE_NONFINITE -> List.of(Mend.of("send a finite number, or declare '" + name + "' nullable in contract.yaml when NaN means missing"));
      case VALIDATE_MISSING_INPUT -> List.of(Mend.of("send '" + name + "', or declare it optional in contract.yaml when the model works without it"));
      default -> List.of();
    };
  }
}
