/// Dynamic batches: requests that run together, and what keeps the innocent from paying for the guilty.
@org.jspecify.annotations.NullMarked
package dev.faultline.serving.batch;
