package dev.faultline.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes a wrk script that posts one real row to the demo model: `RequestBody CSV FILE`.
public final class RequestBody {
  private RequestBody() {}

  public static void main(String[] arguments) throws Exception {
    var row = BirdstrikeRows.read(Path.of(arguments[0])).getFirst();
    String json = new ObjectMapper().writeValueAsString(BirdstrikeRows.v2Body(List.of(row)));
    Files.writeString(Path.of(arguments[1]), """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.path = "/v2/models/birdstrike-damage/infer"
        wrk.body = [==[%s]==]
        """.formatted(json));
  }
}
