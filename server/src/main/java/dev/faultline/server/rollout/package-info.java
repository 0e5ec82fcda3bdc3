/// Rollouts in the server: what they do to names of versions, what of them is kept, told and shown.
@NullMarked
package dev.faultline.server.rollout;

import org.jspecify.annotations.NullMarked;
