package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
  private static final MetricsText TEXT = new MetricsText("""
      # TYPE faultline_faults_total counter
      faultline_faults_total{blame="CALLER",code="decode.json",model=""} 3
      faultline_faults_total{blame="CALLER",code="validate.range",model="m"} 1.0
      faultline_faults_total{blame="CALLER",code="validate.range",model="n"} 2.0
      faultline_faults_total{blame="MODEL",code="check.sum",model="n"} 0
      faultline_faults_total_created 9
      """);

  @Test
  void samplesAreSummedByALabel() {
    assertThat(TEXT.by("faultline_faults_total", "code")).isEqualTo(Map.of("decode.json", 3L, "validate.range", 3L));
  }

  @Test
  void samplesAreSummedWhereAllLabelsHold() {
    assertThat(TEXT.sum("faultline_faults_total")).isEqualTo(6);
    assertThat(TEXT.sum("faultline_faults_total", "code=\"validate.range\"", "model=\"n\"")).isEqualTo(2);
  }
}
