package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.certificates.Rotation;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A leaf and an authority are replaced while two replicas are called two hundred times a second on
 * new connections, and by the API server. The clock is the test's: each step of the rotation comes
 * when all have seen the one before, which in life the waiting times are for.
 */
@ExtendWith(ControlPlaneExtension.class)
final class RotationIT {

  /** Short enough that all of it lies within the hour by which {@code NotBefore} is put back. */
  private static final Rotation ROTATION =
      new Rotation(
          Duration.ofMinutes(30),
          Duration.ofMinutes(15),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2),
          0);

  /** Also the time in which the API server learns by its watch of the bundle that is stored. */
  private static final int CALLS_BETWEEN_STEPS = 300;

  private final MovedClock clock = new MovedClock();
  private WebhookReplicas replicas;
  private Workspace workspace;

  @BeforeEach
  void install(RealControlPlane plane) {
    replicas = WebhookReplicas.none(plane);
    replicas.register();
    workspace = Workspace.create(plane.client(), "rotation", Map.of(Keys.INJECT, "true"));
  }

  @AfterEach
  void uninstall() {
    workspace.close();
    replicas.close();
  }

  @Test
  void aRotationUnderLoadFailsNoHandshakeAndLosesNoInjection(RealControlPlane plane) {
    List<Webhook> both = List.of(replicas.start(ROTATION, clock), replicas.start(ROTATION, clock));
    Examples.awaitInjected(plane.client());
    String first = replicas.caBundle();
    X509Certificate leaf = served(both.getFirst());
    try (WebhookTraffic traffic = WebhookTraffic.start(replicas, plane, workspace.namespace())) {
      traffic.awaitMore(CALLS_BETWEEN_STEPS);

      pass(Duration.ofMinutes(11)); // the leaf is past two thirds of its life
      X509Certificate renewed = awaitOther(both, leaf);
      traffic.awaitMore(CALLS_BETWEEN_STEPS);

      pass(Duration.ofMinutes(10)); // the authority is, too
      String union =
          awaitBundle(traffic, bundle -> bundle.endsWith(first) && !bundle.equals(first));
      traffic.awaitMore(CALLS_BETWEEN_STEPS);

      pass(Duration.ofMinutes(3)); // clients have had time to learn of the new authority
      awaitOther(both, renewed);
      traffic.awaitMore(CALLS_BETWEEN_STEPS);

      pass(Duration.ofMinutes(3)); // and replicas to serve what it signed
      String last = awaitBundle(traffic, bundle -> !bundle.contains(first));
      assertThat(union).isEqualTo(last + first);
      traffic.awaitMore(CALLS_BETWEEN_STEPS);

      assertThat(traffic.failures()).isEmpty();
      assertThat(traffic.leaves()).hasSizeGreaterThanOrEqualTo(3);
    }
  }

  private void pass(Duration time) {
    clock.pass(time);
    replicas.wake();
  }

  /** Waits until all replicas show the same leaf, another than before. */
  private X509Certificate awaitOther(List<Webhook> all, X509Certificate before) {
    return Eventually.becomes(
            "a new leaf at every replica",
            () -> {
              Set<X509Certificate> leaves = new HashSet<>();
              all.forEach(webhook -> leaves.add(served(webhook)));
              return leaves;
            },
            leaves -> leaves.size() == 1 && !leaves.contains(before))
        .iterator()
        .next();
  }

  /** Waits until the bundle is as wanted, and the callers trust it. */
  private String awaitBundle(WebhookTraffic traffic, Predicate<String> wanted) {
    String bundle = Eventually.becomes("the wanted caBundle", replicas::caBundle, wanted);
    Eventually.passes(() -> assertThat(traffic.trusted()).isEqualTo(bundle));
    return bundle;
  }

  private static X509Certificate served(Webhook webhook) {
    try {
      return new TlsCaller(webhook.caBundlePem(), webhook.port()).get("/healthz").leaf();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The real time, and what the test has added. */
  private static final class MovedClock extends Clock {
    private final AtomicReference<Duration> added = new AtomicReference<>(Duration.ZERO);

    void pass(Duration time) {
      var unused = added.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(added.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
