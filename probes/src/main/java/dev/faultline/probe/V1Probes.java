package dev.faultline.probe;

import dev.faultline.probe.Subject.Place;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Mend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The base request in KServe V1, and the commonest mistakes in it. V1 names no version, so only the version that such requests reach
/// is probed.
final class V1Probes {
  private static final String UNKNOWN = "faultline_unknown";

  private final Subject subject;
  private final Inputs base;
  private final List<Probe> probes = new ArrayList<>();

  V1Probes(Subject subject, Inputs base) {
    this.subject = subject;
    this.base = base;
  }

  List<Probe> all() {
    Optional<String> good = subject.isDefault() ? written(base) : Optional.empty();
    if (good.isEmpty()) {
      return List.of();
    }
    add("the good request", Probe.NOWHERE, Expected.ANSWERED, good.get(), "what V2 answers V1 must answer too");
    add("no 'instances'", Probe.NOWHERE, Expected.REFUSED, "{}", "the member is required");
    add("'instances' as an object", Probe.NOWHERE, Expected.REFUSED, "{\"instances\":{}}", "the member is an array");
    add("rows and records mixed", Probe.NOWHERE, Expected.REFUSED, "{\"instances\":[1,{}]}", "a batch has one form");
    values();
    if (good.get().startsWith("{\"instances\":[{")) {
      records(good.get());
    }
    return probes;
  }

  private void values() {
    for (Place place : subject.places(base)) {
      Limits limits = place.limits();
      boolean isText = place.spec().type() == dev.faultline.tensor.DataType.BYTES;
      changed("null in " + place.label(), place, limits.nullable() ? Expected.ANSWERED : Expected.REFUSED, "null");
      changed((isText ? "a number" : "a text") + " as " + place.label(), place, Expected.REFUSED, isText ? "1" : "\"one\"");
    }
  }

  private void changed(String title, Place place, Expected expected, String element) {
    Inputs changed = base.changing(place.spec().name(), given -> given.with(place.at(), element));
    written(changed).ifPresent(body -> add(title, place.field(), expected, body, "V1 must refuse what V2 refuses"));
  }

  private void records(String good) {
    add("a record with an unknown member", FieldRef.of(UNKNOWN), Expected.REFUSED, good.replaceFirst("\\{\"instances\":\\[\\{", "{\"instances\":[{\"" + UNKNOWN + "\":1,"), "a member that is not read must be refused, not ignored");
    for (TensorSpec spec : subject.contract().inputs()) {
      if (base.all().size() > 1 && base.find(spec.name()).isPresent() && spec.presence() == TensorSpec.Presence.REQUIRED) {
        Limits limits = Limits.of(subject.contract(), spec.type(), FieldRef.of(spec.name()));
        written(base.without(spec.name())).ifPresent(body ->
            add("a record without " + spec.name(), FieldRef.of(spec.name()), limits.nullable() ? Expected.ANSWERED : Expected.REFUSED, body, "a member that is left out is a missing value"));
      }
    }
  }

  private Optional<String> written(Inputs inputs) {
    boolean alone = inputs.all().size() == 1 && subject.contract().inputs().size() > 1;
    List<String> columns = inputs.all().size() == 1 ? subject.contract().findInput(inputs.all().getFirst().name()).map(TensorSpec::columns).orElse(List.of()) : List.of();
    return alone || inputs.all().isEmpty() ? Optional.empty() : inputs.v1(columns);
  }

  private void add(String title, FieldRef place, Expected expected, String body, String mend) {
    probes.add(Probe.of(Kind.V1, "V1: " + title, place, expected, Call.post(subject.v1Path(), body)).mendedBy(Mend.of(mend)));
  }
}
