package dev.faultline.server.triton;

import java.util.List;
import java.util.Map;

/// What Triton's metrics say of one model version: counts, and microseconds summed over its served requests.
///
/// - `failures` by Triton's reason; a reason that has not come is absent.
/// - `rows` of served requests; `executions` of the engine, one a batch.
/// - `firstResponses` counts served requests by [VersionClock#FIRST_RESPONSE_MILLIS], and one more for what took longer.
record VersionTally(
    long served,
    Map<String, Long> failures,
    long rows,
    long executions,
    double requestMicros,
    double queueMicros,
    double inputMicros,
    double inferMicros,
    double outputMicros,
    List<Long> firstResponses) {}
