package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.isolation.attribute.ReadingsFromRequest;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.replay.Specimen;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;

/// Specimens as attribution sees them: where they came from, and what they hold, read as a contract names it.
public record Sightings(Contract contract) {

  public Sighting of(Specimen specimen, Sighting.Side side) {
    var readings = new LinkedHashMap<String, List<Reading>>();
    readings.put("version", List.of(Reading.of(specimen.version().version())));
    readings.put("client", List.of(Reading.of(specimen.arrival().client())));
    specimen.arrival().headers().forEach((name, value) -> readings.put("header:" + name, List.of(Reading.of(value))));
    readings.put("hour", List.of(Reading.of(specimen.arrival().at().atOffset(ZoneOffset.UTC).getHour())));
    specimen.request().ifPresent(request -> readings.putAll(ReadingsFromRequest.of(request, contract)));
    String stratum = specimen.arrival().at().truncatedTo(ChronoUnit.HOURS).toString();
    return new Sighting(specimen.id(), side, Math.max(1, 1 / specimen.samplingRate()), stratum, readings);
  }
}
