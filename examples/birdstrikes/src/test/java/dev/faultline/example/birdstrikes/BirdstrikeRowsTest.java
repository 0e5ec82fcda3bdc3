package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class BirdstrikeRowsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyRowOfTheFileIsRead() {
    assertThat(Committed.ROWS).hasSize(10_000);
    assertThat(Committed.ROWS.getFirst().number()).isEqualTo(1);
    assertThat(Committed.ROWS.getLast().number()).isEqualTo(10_000);
    assertThat(Committed.ROWS).filteredOn(BirdstrikeRow::damaged).hasSize(1_061);
  }

  @Test
  void theSpeedIsMissingFromMoreThanAQuarterOfTheRows() {
    assertThat(BirdstrikeRows.withoutSpeed(Committed.ROWS)).isEqualTo(2_836);
    assertThat(BirdstrikeRows.withoutSpeed(Committed.heldOut())).isEqualTo(931);
  }

  @Test
  void rowsFrom2000OnAreHeldOut() {
    assertThat(Committed.heldOut()).hasSize(2_787).allMatch(row -> row.flightDate().getYear() >= 2000);
  }

  @Test
  void aRowIsARecordOfTheV1Body() throws JsonProcessingException {
    String body = JSON.writeValueAsString(BirdstrikeRows.v1Body(Committed.ROWS.subList(0, 1)));

    assertThat(body)
        .isEqualTo(
            """
            {"instances":[{"speed_knots":300,"aircraft":"T-38A","airline":"MILITARY","origin_state":"Louisiana",\
            "phase":"Climb","wildlife_size":"Large","species":"Turkey vulture","time_of_day":"Day","flight_month":1}]}""");
  }

  @Test
  void aMissingSpeedIsSentAsNullInBothForms() throws JsonProcessingException {
    List<BirdstrikeRow> row = Committed.ROWS.stream().filter(r -> r.speedKnots().isEmpty()).limit(1).toList();

    assertThat(JSON.writeValueAsString(BirdstrikeRows.v1Body(row))).contains("{\"speed_knots\":null,");
    assertThat(JSON.writeValueAsString(BirdstrikeRows.v2Body(row)))
        .startsWith("{\"inputs\":[{\"name\":\"speed_knots\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[null]},");
  }

  @Test
  void theV2BodyHasATensorForEachColumn() {
    var body = JSON.valueToTree(BirdstrikeRows.v2Body(Committed.ROWS.subList(0, 3)));

    assertThat(body.get("inputs")).hasSize(9);
    assertThat(body.at("/inputs/1").toString())
        .isEqualTo("{\"name\":\"aircraft\",\"shape\":[3,1],\"datatype\":\"BYTES\",\"data\":[\"T-38A\",\"KC-10A\",\"B-52\"]}");
    assertThat(body.at("/inputs/8").toString())
        .isEqualTo("{\"name\":\"flight_month\",\"shape\":[3,1],\"datatype\":\"INT64\",\"data\":[1,1,1]}");
  }
}
