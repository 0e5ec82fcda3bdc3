package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RocAucTest {

  @Test
  void damagedRowsAboveAllOthersMakeOne() {
    assertThat(RocAuc.of(rows("None", "None", "Minor"), new double[] {0.1, 0.2, 0.3})).isEqualTo(1);
  }

  @Test
  void damagedRowsBelowAllOthersMakeZero() {
    assertThat(RocAuc.of(rows("Minor", "None", "None"), new double[] {0.1, 0.2, 0.3})).isEqualTo(0);
  }

  @Test
  void aTieCountsHalf() {
    assertThat(RocAuc.of(rows("Minor", "None", "None"), new double[] {0.2, 0.2, 0.1})).isEqualTo(0.75);
  }

  private static List<BirdstrikeRow> rows(String... damages) {
    return Stream.of(damages).map(damage -> new BirdstrikeRow(1, LocalDate.EPOCH, Map.of(), "", damage)).toList();
  }
}
