/// Traces, metrics and logs for OpenTelemetry: built from passages after the fact, and only where the standard environment variables ask for it.
@NullMarked
package dev.faultline.server.telemetry;

import org.jspecify.annotations.NullMarked;
