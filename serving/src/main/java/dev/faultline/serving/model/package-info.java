/// Models, their versions, where they come from and in which state they are.
@NullMarked
package dev.faultline.serving.model;

import org.jspecify.annotations.NullMarked;
