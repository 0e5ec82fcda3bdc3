/// Alerts for those without Prometheus: what is worth a message, and its delivery in Alertmanager's payload.
@NullMarked
package dev.faultline.server.alert;

import org.jspecify.annotations.NullMarked;
