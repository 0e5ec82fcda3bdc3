/// Tests of inference logic with JUnit: models and their steps in this process, without a server.
@NullMarked
package dev.faultline.junit;

import org.jspecify.annotations.NullMarked;
