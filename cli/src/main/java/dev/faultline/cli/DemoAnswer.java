package dev.faultline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client can know of an answer: its status, the codes in the headers, and the sentence in the body.
record DemoAnswer(int status, String fault, String suspicion, String suspicionId, String sentence) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("\\bid=(flt_[0-9A-Za-z]+)");
  private static final Pattern CODE = Pattern.compile("\\bcode=([a-z_.]+)");

  static DemoAnswer of(HttpResponse<String> response) {
    return new DemoAnswer(
        response.statusCode(),
        code(response.headers().firstValue("Faultline-Fault").orElse("")),
        code(response.headers().firstValue("Faultline-Suspicion").orElse("")),
        id(response.headers().firstValue("Faultline-Suspicion").orElse("")),
        response.statusCode() == 200 ? "" : sentence(response.body()));
  }

  boolean isServed() {
    return status == 200;
  }

  private static String code(String header) {
    return first(CODE, header);
  }

  private static String id(String header) {
    return first(ID, header);
  }

  private static String first(Pattern member, String header) {
    Matcher found = member.matcher(header);
    return found.find() ? found.group(1) : "";
  }

  private static String sentence(String body) {
    try {
      return MAPPER.readTree(body).path("error").asText("").replaceFirst(" \\[flt_[^]]*]$", "");
    } catch (JsonProcessingException e) {
      return body;
    }
  }
}
